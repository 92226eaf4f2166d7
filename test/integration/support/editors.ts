import { commands, type Tab, TabInputText, type TextEditor, type Uri, window, workspace } from 'vscode';

/** Opens a file as a person does, in a tab that stays. */
export async function openFile(uri: Uri): Promise<TextEditor> {
  return window.showTextDocument(uri, { preview: false });
}

/** Types at the beginning of a file without saving it. */
export async function typeInto(editor: TextEditor, text: string): Promise<void> {
  await editor.edit((edit) => edit.insert(editor.document.positionAt(0), text));
}

/** Tabs of text files, over all groups. */
export function textTabs(): { readonly tab: Tab; readonly path: string }[] {
  return window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.flatMap((tab) => (tab.input instanceof TabInputText ? [{ tab, path: tab.input.uri.fsPath }] : [])),
  );
}

/** Closes every tab, throwing away what was typed. */
export async function closeEditors(): Promise<void> {
  for (const document of workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await window.showTextDocument(document);
    await commands.executeCommand('workbench.action.files.revert');
  }
  await window.tabGroups.close(window.tabGroups.all.flatMap(({ tabs }) => tabs));
}
