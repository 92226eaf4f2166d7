import { commands, type TreeView } from 'vscode';

/**
 * The row of a tree that the keyboard is at, for the time that the tree has the focus. VS Code does not say which one it is, but has a
 * command that puts it into the selection or takes it out: what that changes is the row, and the second time takes the change back.
 *
 * @returns undefined if no row has the focus.
 */
export async function focusedRow<T>(view: Pick<TreeView<T>, 'selection'>): Promise<T | undefined> {
  const toggled = async () => {
    await commands.executeCommand('list.toggleSelection');
    return view.selection;
  };
  const once = await toggled();
  const twice = await toggled();
  const differences = [...once.filter((row) => !twice.includes(row)), ...twice.filter((row) => !once.includes(row))];
  return differences.length === 1 ? differences[0] : undefined;
}
