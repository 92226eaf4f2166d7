import { EndOfLine, type TextEditor, window } from 'vscode';
import { DisposableList } from '../disposableList.ts';
import { changeText } from './changeText.ts';

/**
 * Takes the keys of somebody who types while the editor under the cursor gives way to another one. VS Code has no focused editor for some
 * hundredths of a second then, and keys would go nowhere. The focus moves into an input box and out of it without such a gap.
 */
export class TypingBridge {
  readonly #box = window.createInputBox();
  readonly #lifetime: DisposableList;
  readonly #hidden: Promise<void>;
  /** Where in the box's text Enter was pressed: a box has one line. */
  readonly #lineBreaks: number[] = [];
  #value = '';

  /** @param title says what is going on. */
  constructor(title: string, onError: (error: unknown) => void) {
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(this.#box);
    this.#box.title = title;
    this.#box.busy = true;
    this.#box.ignoreFocusOut = true;
    this.#hidden = new Promise((resolve) => {
      this.#lifetime.add(this.#box.onDidHide(() => resolve()));
    });
    this.#lifetime.add(
      this.#box.onDidChangeValue((value) => {
        this.#value = value;
      }),
    );
    this.#lifetime.add(this.#box.onDidAccept(() => this.#lineBreaks.push(this.#value.length)));
    this.#box.show();
  }

  /**
   * Gives what was typed to the editor, at its cursor, and the focus back to where it was: to this editor, if it has taken the place of
   * the one before.
   */
  async end(editor: TextEditor): Promise<void> {
    try {
      const lineEnd = editor.document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
      const first = this.#typed(lineEnd);
      const start = editor.document.offsetAt(editor.selection.active);
      await insert(editor, start, first);
      this.#box.hide();
      await this.#hidden;
      // What came while the first part was inserted. Keys that followed are in the editor already, behind this place.
      await insert(editor, start + first.length, this.#typed(lineEnd).slice(first.length));
    } finally {
      this.#lifetime.dispose();
    }
  }

  #typed(lineEnd: string): string {
    const ends = [...this.#lineBreaks.map((end) => Math.min(end, this.#value.length)), this.#value.length];
    return ends.map((end, index) => this.#value.slice(ends[index - 1] ?? 0, end)).join(lineEnd);
  }
}

async function insert(editor: TextEditor, start: number, text: string): Promise<void> {
  await changeText(editor, () => (text === '' ? undefined : { start, end: start, text }));
}
