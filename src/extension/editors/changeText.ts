import { Range, type TextDocument, type TextEditor, WorkspaceEdit, workspace } from 'vscode';
import type { TextChange } from './textChange.ts';

/** How often an edit is tried that VS Code refuses because somebody types: each attempt takes a few milliseconds. */
const ATTEMPTS = 100;

/**
 * Changes a document, with the cursor behind what is inserted at it. VS Code refuses an edit while it has a newer text than this process,
 * which hears of it in a moment; so the change is worked out anew for each attempt.
 *
 * @param editor where the document is shown.
 * @param change undefined if there is nothing left to be changed.
 * @throws Error if the document did not come to rest, and changed nothing.
 */
export async function changeText(editor: TextEditor, change: () => TextChange | undefined): Promise<void> {
  const { document } = editor;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const next = change();
    if (next === undefined || (await apply(editor, next))) {
      return;
    }
  }
  throw new Error(`${document.fileName} could not be changed, because its text did not come to rest.`);
}

async function apply(editor: TextEditor, { start, end, text }: TextChange): Promise<boolean> {
  const { document } = editor;
  const range = rangeOf(document, start, end);
  try {
    // An insertion moves a cursor that stands there; a replacement may not.
    return await editor.edit((edit) => (range.isEmpty ? edit.insert(range.start, text) : edit.replace(range, text)));
  } catch {
    // The editor has given way to another one meanwhile; the document is still there.
    const workspaceEdit = new WorkspaceEdit();
    workspaceEdit.replace(document.uri, rangeOf(document, start, end), text);
    return workspace.applyEdit(workspaceEdit);
  }
}

function rangeOf(document: TextDocument, start: number, end: number): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
