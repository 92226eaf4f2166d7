import { type TreeItem, TreeItemCheckboxState } from 'vscode';

/** A box that says what a click on it does. */
export function checkbox(isChecked: boolean, label: string, tooltip: string): NonNullable<TreeItem['checkboxState']> {
  const { Checked, Unchecked } = TreeItemCheckboxState;
  return { state: isChecked ? Checked : Unchecked, tooltip, accessibilityInformation: { label, role: 'checkbox' } };
}
