import type { QuickInputButton, QuickPickItem, QuickPickOptions } from 'vscode';
import { Emitter } from '../../../src/core/events.ts';

type Picked = QuickPickItem | undefined;
export type Pick = (items: readonly QuickPickItem[], options: QuickPickOptions) => Picked | Promise<Picked>;

const onError = (error: unknown) => {
  throw error;
};

interface PickAnswers {
  readonly picked: Pick;
  readonly typedIntoPick: string;
}

/** A quick pick in the place of VS Code's, answered by what answers `showQuickPick` as soon as it has all its items. */
export class AnsweredQuickPick {
  readonly #answers: PickAnswers;
  readonly #valueChange = new Emitter<string>(onError);
  readonly #activeChange = new Emitter<readonly QuickPickItem[]>(onError);
  readonly #acceptance = new Emitter<void>(onError);
  readonly #end = new Emitter<void>(onError);
  readonly #button = new Emitter<QuickInputButton>(onError);
  readonly onDidChangeValue = this.#valueChange.event;
  readonly onDidChangeActive = this.#activeChange.event;
  readonly onDidAccept = this.#acceptance.event;
  readonly onDidHide = this.#end.event;
  readonly onDidTriggerButton = this.#button.event;
  items: readonly QuickPickItem[] = [];
  activeItems: readonly QuickPickItem[] = [];
  selectedItems: readonly QuickPickItem[] = [];
  placeholder = '';
  value = '';
  title: string | undefined;
  matchOnDescription = false;
  #isBusy = false;
  #wasBusy = false;

  constructor(answers: PickAnswers) {
    this.#answers = answers;
  }

  get busy(): boolean {
    return this.#isBusy;
  }

  set busy(isBusy: boolean) {
    const isDone = this.#isBusy && !isBusy;
    this.#isBusy = isBusy;
    this.#wasBusy ||= isBusy;
    if (isDone) {
      // What is found last is shown right after this.
      queueMicrotask(() => void this.#answer());
    }
  }

  show(): void {
    if (this.#answers.typedIntoPick !== '') {
      this.value = this.#answers.typedIntoPick;
      this.#valueChange.fire(this.value);
    }
    // One that is busy begins to be so when it is shown.
    setImmediate(() => this.#wasBusy || this.#answer());
  }

  hide(): void {
    this.#end.fire();
  }

  dispose(): void {
    this.#valueChange.dispose();
    this.#activeChange.dispose();
    this.#acceptance.dispose();
    this.#end.dispose();
    this.#button.dispose();
  }

  async #answer(): Promise<void> {
    const { placeholder: placeHolder, matchOnDescription } = this;
    const picked = await this.#answers.picked(this.items, { placeHolder, matchOnDescription });
    if (picked === undefined) {
      this.hide();
    } else {
      this.activeItems = [picked];
      this.#activeChange.fire(this.activeItems);
      this.selectedItems = [picked];
      this.#acceptance.fire();
    }
  }
}
