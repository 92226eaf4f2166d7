import type { InputBox, InputBoxOptions } from 'vscode';
import { Emitter } from '../../../src/core/events.ts';

const onError = (error: unknown) => {
  throw error;
};

type Typed = (options: InputBoxOptions) => string | undefined | Promise<string | undefined>;

/** An input box in the place of VS Code's. It is answered as soon as it is shown, by what `Answers.typed` says. */
export class AnsweredInputBox {
  readonly #typed: Typed;
  readonly #valueChange = new Emitter<string>(onError);
  readonly #acceptance = new Emitter<void>(onError);
  readonly #end = new Emitter<void>(onError);
  readonly onDidChangeValue = this.#valueChange.event;
  readonly onDidAccept = this.#acceptance.event;
  readonly onDidHide = this.#end.event;
  title = '';
  prompt = '';
  placeholder = '';
  value = '';
  valueSelection: readonly [number, number] = [0, 0];
  validationMessage: InputBox['validationMessage'];
  ignoreFocusOut = false;
  busy = false;

  constructor(typed: Typed) {
    this.#typed = typed;
  }

  show(): void {
    if (this.busy) {
      // It asks nothing: it is there for the keys of somebody who types.
      return;
    }
    const { title, prompt, value, placeholder: placeHolder } = this;
    const validateInput = (typed: string) => {
      this.#type(typed);
      return this.validationMessage;
    };
    const answer = this.#typed({ title, prompt, value, placeHolder, validateInput });
    Promise.resolve(answer).then((typed) => {
      if (typed === undefined) {
        this.hide();
      } else {
        this.#type(typed);
        this.#acceptance.fire();
      }
    }, onError);
  }

  hide(): void {
    this.#end.fire();
  }

  dispose(): void {
    this.#valueChange.dispose();
    this.#acceptance.dispose();
    this.#end.dispose();
  }

  #type(text: string): void {
    this.value = text;
    this.#valueChange.fire(text);
  }
}
