import { userInfo } from 'node:os';
import { extensions } from 'vscode';

/** What is used of the API of VS Code's own git extension. */
interface GitExtension {
  /** Asking for the API throws while git is off. */
  readonly enabled: boolean;
  getAPI(version: 1): { readonly repositories: readonly { getConfig(key: string): Promise<string> }[] };
}

/**
 * What a person may be called in issues, for `assignee:me`: their name and e-mail address in git, and that of the system. Nobody is asked
 * where a filter has no assignee.
 */
export async function namesOfMe(filter = 'assignee:me'): Promise<readonly string[]> {
  if (!/\bassignee:/i.test(filter)) {
    return [];
  }
  const git = extensions.getExtension<GitExtension>('vscode.git');
  const repositories = git?.isActive && git.exports.enabled ? git.exports.getAPI(1).repositories : [];
  const configured = repositories.flatMap((repository) =>
    ['user.name', 'user.email'].map((key) => repository.getConfig(key).catch(() => '')),
  );
  const names = [...(await Promise.all(configured)), systemName()].map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

function systemName(): string {
  try {
    return userInfo().username;
  } catch {
    // In some containers the system has no name for the one who runs this.
    return '';
  }
}
