import { commands } from 'vscode';

/** What the tree has to show, for welcome views and menus: `markdownIssues.state` in a `when` clause. */
export type TreeState = 'noFolder' | 'loading' | 'missing' | 'empty' | 'ready';

/** Every context key that `package.json` asks for, with its values. */
interface ContextKeys {
  'markdownIssues.state': TreeState;
}

export async function setContextKey<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): Promise<void> {
  await commands.executeCommand('setContext', key, value);
}
