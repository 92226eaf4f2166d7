import { type TextDocument, workspace } from 'vscode';

/** The bytes that VS Code would save of the document, byte order mark included. */
export async function bytesOf(document: TextDocument, text = document.getText()): Promise<Buffer> {
  return Buffer.from(await workspace.encode(text, { encoding: document.encoding }));
}
