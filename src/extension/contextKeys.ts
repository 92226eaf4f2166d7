import { commands } from 'vscode';

/** Every context key that `package.json` asks for, with its values. A test holds the two against each other. */
export const CONTEXT_VALUES = {
  'markdownIssues.state': [
    'noFolder',
    'loading',
    'missing',
    'denied',
    'notFolder',
    'outside',
    'badSetting',
    'unreadable',
    'empty',
    'ready',
  ],
  'markdownIssues.canUndo': [true, false],
  'markdownIssues.completed': ['shown', 'hidden', 'mixed'],
  'markdownIssues.filter': ['off', 'on', 'noMatch'],
} as const;

type ContextKey = keyof typeof CONTEXT_VALUES;
type ContextValue<K extends ContextKey> = (typeof CONTEXT_VALUES)[K][number];

/** What the tree has to show, for welcome views and menus: `markdownIssues.state` in a `when` clause. */
export type TreeState = ContextValue<'markdownIssues.state'>;

/** Whether the tree is filtered, and whether that leaves anything: `markdownIssues.filter` in a `when` clause. */
export type FilterState = ContextValue<'markdownIssues.filter'>;

/** Whether the tree shows completed issues, of all folders, none or some: `markdownIssues.completed` in a `when` clause. */
export type CompletedState = ContextValue<'markdownIssues.completed'>;

export async function setContextKey<K extends ContextKey>(key: K, value: ContextValue<K>): Promise<void> {
  await commands.executeCommand('setContext', key, value);
}
