import { EndOfLine, type InputBox, type TextDocument, type TextEditor, window } from 'vscode';
import { DisposableList } from '../disposableList.ts';
import { changeText } from './changeText.ts';

/**
 * Collects what is typed while one editor replaces another. For some hundredths of a second VS Code has no focused editor, and keys would
 * be lost. The focus moves into an input box and back without such a gap.
 */
export class TypingBridge {
  readonly #box: InputBox;
  readonly #lifetime: DisposableList;
  readonly #hidden: Promise<void>;
  /** The length of the text that was in the box before; it does not go into the editor. */
  readonly #start: number;
  /** Where in the box's text Enter was pressed: a box has one line. */
  readonly #lineBreaks: number[] = [];
  #value: string;

  /** @param box that has the focus. It ends with the bridge. */
  constructor(box: InputBox, onError: (error: unknown) => void) {
    this.#box = box;
    this.#value = box.value;
    this.#start = box.value.length;
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(box);
    this.#hidden = new Promise((resolve) => {
      this.#lifetime.add(box.onDidHide(() => resolve()));
    });
    this.#lifetime.add(
      box.onDidChangeValue((value) => {
        this.#value = value;
      }),
    );
    this.#lifetime.add(box.onDidAccept(() => this.#lineBreaks.push(this.#value.length)));
    box.busy = true;
  }

  /** Opens a box that says what is going on. */
  static open(title: string, onError: (error: unknown) => void): TypingBridge {
    const box = window.createInputBox();
    box.title = title;
    box.ignoreFocusOut = true;
    const bridge = new TypingBridge(box, onError);
    box.show();
    return bridge;
  }

  /**
   * Gives what was typed to the editor and closes the box. The focus goes back to where it was, unless the editor has it already: to this
   * editor, if it has taken the place of the one before.
   *
   * @param place where the keys would have gone. What follows it was typed later.
   */
  async end(editor: TextEditor, place: number): Promise<void> {
    try {
      const lineEnd = editor.document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
      const first = this.#typed(lineEnd);
      await insert(editor.document, place, first);
      this.#box.hide();
      await this.#hidden;
      // What was typed while the first part was inserted.
      await insert(editor.document, place + first.length, this.#typed(lineEnd).slice(first.length));
    } finally {
      this.dispose();
    }
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #typed(lineEnd: string): string {
    const ends = [...this.#lineBreaks.map((end) => Math.min(end, this.#value.length)), this.#value.length];
    return ends.map((end, index) => this.#value.slice(ends[index - 1] ?? this.#start, end)).join(lineEnd);
  }
}

async function insert(document: TextDocument, start: number, text: string): Promise<void> {
  await changeText(document, () => (text === '' ? undefined : { start, end: start, text }));
}
