import { extname } from 'node:path';
import { type TextDocument, workspace } from 'vscode';
import type { Disposable } from '../../core/events.ts';
import { ISSUE_EXTENSION } from '../../core/issue/issueFileName.ts';
import { DisposableList } from '../disposableList.ts';

/** How many texts of a document are kept, see {@link SeenTexts}. */
const KEPT = 2;

/**
 * What open documents held while there was nothing unsaved in them: what their user has seen of the disk.
 *
 * VS Code tells of the first key that is typed before it calls the document dirty, so the newest text can be one that was
 * never on the disk. The one before it is kept for that; both were in the editor.
 */
export class SeenTexts implements Disposable {
  readonly #texts = new WeakMap<TextDocument, readonly string[]>();
  readonly #lifetime: DisposableList;

  constructor(onError: (error: unknown) => void) {
    this.#lifetime = new DisposableList(onError);
    this.#lifetime.add(workspace.onDidOpenTextDocument((document) => this.#see(document)));
    this.#lifetime.add(workspace.onDidSaveTextDocument((document) => this.#see(document)));
    this.#lifetime.add(workspace.onDidChangeTextDocument(({ document }) => this.#see(document)));
    for (const document of workspace.textDocuments) {
      this.#see(document);
    }
  }

  /** True if the document can be based on this text. Also where nothing is known: its changes are older than this window. */
  couldBeBaseOf(document: TextDocument, text: string): boolean {
    return this.#texts.get(document)?.includes(withoutReturns(text)) ?? true;
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #see(document: TextDocument): void {
    if (document.isDirty || document.uri.scheme !== 'file' || extname(document.uri.fsPath) !== ISSUE_EXTENSION) {
      return;
    }
    const text = withoutReturns(document.getText());
    const texts = this.#texts.get(document) ?? [];
    if (texts.at(-1) !== text) {
      this.#texts.set(document, [...texts, text].slice(-KEPT));
    }
  }
}

/** A document has line ends of one kind, whatever its file has. */
function withoutReturns(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
