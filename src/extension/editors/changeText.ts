import { Range, type TextDocument, type TextEditor, WorkspaceEdit, window, workspace } from 'vscode';
import type { TextChange } from './textChange.ts';

/** How often an edit is tried that VS Code refuses because somebody types: each attempt takes a few milliseconds. */
const ATTEMPTS = 100;

/**
 * Changes a document, with the cursor behind what is inserted at it. VS Code refuses an edit while it has a newer text than this process,
 * which hears of it in a moment; so the change is computed again for each attempt.
 *
 * @param change undefined if there is nothing left to be changed.
 * @throws Error if the document did not come to rest, and changed nothing.
 */
export async function changeText(document: TextDocument, change: () => TextChange | undefined): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const next = change();
    if (next === undefined || (await apply(document, next))) {
      return;
    }
  }
  throw new Error(`${document.fileName} could not be changed, because its text did not come to rest.`);
}

async function apply(document: TextDocument, { start, end, text }: TextChange): Promise<boolean> {
  const range = new Range(document.positionAt(start), document.positionAt(end));
  const editor = editorOf(document);
  if (editor !== undefined) {
    try {
      // An insertion moves a cursor that stands there; a replacement may not.
      return await editor.edit((edit) => (range.isEmpty ? edit.insert(range.start, text) : edit.replace(range, text)));
    } catch {
      // The editor has given way to another one meanwhile; the document is still there.
    }
  }
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, range, text);
  return workspace.applyEdit(edit);
}

function editorOf(document: TextDocument): TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = window;
  return activeTextEditor?.document === document ? activeTextEditor : visibleTextEditors.find((editor) => editor.document === document);
}
