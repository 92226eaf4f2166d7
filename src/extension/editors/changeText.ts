import { Range, type TextDocument, type TextEditor, WorkspaceEdit, window, workspace } from 'vscode';
import type { TextChange } from './textChange.ts';

/** The most attempts at an edit that VS Code refuses because the user is typing. Each attempt takes a few milliseconds. */
const ATTEMPTS = 100;

/**
 * Changes a document. A cursor at the place of an insertion ends up behind the inserted text. VS Code refuses an edit while its text is newer
 * than the extension host's copy, so each attempt computes the change again.
 *
 * @param change returns undefined if there is nothing to change.
 * @throws Error if every attempt was refused; the document is unchanged.
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
      // The editor was closed meanwhile. Change the document without it.
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
