import { EndOfLine, type InputBox, type TextDocument, type TextEditor, window } from 'vscode';
import { DisposableList } from '../disposableList.ts';
import { changeText } from './changeText.ts';

/**
 * Collects keys while one editor replaces another. VS Code has no focused editor for tens of milliseconds then and would lose them, so an
 * input box takes the focus meanwhile.
 */
export class TypingBridge {
  readonly #box: InputBox;
  readonly #lifetime: DisposableList;
  readonly #hidden: Promise<void>;
  /** Length of the text that was in the box before the bridge. It does not go into the editor. */
  readonly #start: number;
  /** Offsets at which Enter was pressed; the box itself has only one line. */
  readonly #lineBreaks: number[] = [];
  #value: string;

  /** @param box has the focus. The bridge disposes it. */
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

  /** Opens a bridge with an input box of its own. */
  static open(title: string, onError: (error: unknown) => void): TypingBridge {
    const box = window.createInputBox();
    box.title = title;
    box.ignoreFocusOut = true;
    const bridge = new TypingBridge(box, onError);
    box.show();
    return bridge;
  }

  /**
   * Inserts what was typed into the editor and closes the box. VS Code returns the focus to where it was.
   *
   * @param place offset in the document at which the text is inserted.
   */
  async end(editor: TextEditor, place: number): Promise<void> {
    try {
      const lineEnd = editor.document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
      const first = this.#typed(lineEnd);
      await insert(editor.document, place, first);
      this.#box.hide();
      await this.#hidden;
      // Keys that were typed during the first insertion.
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
