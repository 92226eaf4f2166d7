import { type InputBoxOptions, type QuickPickItem, type QuickPickOptions, window } from 'vscode';
import { Emitter, type Event } from '../../../src/core/events.ts';
import { AnsweredInputBox } from './answeredInputBox.ts';
import { AnsweredQuickPick, type Pick } from './answeredQuickPick.ts';

/** Something that was said to the user. */
export interface Message {
  readonly kind: 'info' | 'warning' | 'error';
  readonly text: string;
  /** Only of modal ones. */
  readonly detail?: string;
  readonly actions: readonly string[];
}

type Input = (options: InputBoxOptions) => string | undefined | Promise<string | undefined>;

/**
 * The user, as far as commands ask them. VS Code's own boxes cannot be typed into from an extension host, and modal messages are
 * refused there, so the questions are answered at the API; the UI tests answer them in the window.
 */
export class Answers {
  /** Everything that was said, in order. */
  readonly messages: Message[] = [];
  /** What the next input boxes are answered with; undefined dismisses one. */
  typed: Input = () => unexpected('input box');
  picked: Pick = () => unexpected('pick');
  /** What is typed into a pick that searches. */
  typedIntoPick = '';
  /** The action that is chosen from a message, if any. */
  chosen: (message: Message) => string | undefined | Promise<string | undefined> = () => undefined;

  get texts(): string[] {
    return this.messages.map(({ text }) => text);
  }

  readonly #heard = new Emitter<Message>((error) => {
    throw error;
  });

  get onDidHear(): Event<Message> {
    return this.#heard.event;
  }

  hear(message: Message): string | undefined | Promise<string | undefined> {
    this.messages.push(message);
    this.#heard.fire(message);
    return this.chosen(message);
  }
}

/** Answers for each test of this `describe`. A question that the test did not expect fails the command. */
export function useAnswers(): Answers {
  const current: { restore: () => void } = { restore: () => undefined };
  const answers = new Answers();
  beforeEach(() => {
    const { typed, picked, typedIntoPick, chosen } = new Answers();
    Object.assign(answers, { typed, picked, typedIntoPick, chosen });
    answers.messages.length = 0;
    current.restore = answerWith(answers);
  });
  afterEach(() => current.restore());
  return answers;
}

function answerWith(answers: Answers): () => void {
  const hear =
    (kind: Message['kind']) =>
    async (text: string, ...rest: readonly unknown[]) =>
      answers.hear({ kind, text, ...detailOf(rest[0]), actions: rest.filter((item) => typeof item === 'string') });
  return replaced(window, {
    createInputBox: () => new AnsweredInputBox((options) => answers.typed(options)),
    showQuickPick: async (items: readonly QuickPickItem[], options: QuickPickOptions = {}) => answers.picked(await items, options),
    createQuickPick: () => new AnsweredQuickPick(answers),
    showInformationMessage: hear('info'),
    showWarningMessage: hear('warning'),
    showErrorMessage: hear('error'),
  });
}

function detailOf(options: unknown): { detail?: string } {
  return typeof options === 'object' && options !== null && 'detail' in options && typeof options.detail === 'string'
    ? { detail: options.detail }
    : {};
}

function unexpected(what: string): never {
  throw new Error(`no ${what} was expected`);
}

/** Puts functions in the place of an API's own. @returns what puts them back. */
export function replaced<T extends object>(target: T, replacements: Partial<Record<keyof T, unknown>>): () => void {
  const originals = Object.keys(replacements).map((key) => [key, Object.getOwnPropertyDescriptor(target, key)] as const);
  for (const [key, value] of Object.entries(replacements)) {
    Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
  }
  return () => {
    for (const [key, descriptor] of originals) {
      if (descriptor !== undefined) {
        Object.defineProperty(target, key, descriptor);
      }
    }
  };
}
