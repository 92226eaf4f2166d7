import { type PathRules, SYSTEM_RULES } from '../paths.ts';
import { StoreFolderError } from '../sync/storeStatus.ts';
import type { Surroundings } from './storeOptions.ts';

const VARIABLES = ['workspaceFolder', 'workspaceFolderBasename', 'userHome', 'env:NAME'].map((name) => `\${${name}}`).join(', ');

/**
 * Expands a leading `~` and the variables in a folder setting. Values are not expanded again.
 *
 * @param root absolute path of the workspace folder
 * @throws StoreFolderError `badSetting` for an unknown variable, or an environment variable that is unset or empty.
 */
export function expandedFolder(
  setting: string,
  root: string,
  { home, environment }: Surroundings,
  { path }: PathRules = SYSTEM_RULES,
): string {
  const isInHome = setting === '~' || setting.startsWith('~/') || setting.startsWith(`~${path.sep}`);
  const expanded = setting.slice(isInHome ? 1 : 0).replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    switch (name) {
      case 'workspaceFolder':
        return root;
      case 'workspaceFolderBasename':
        return path.basename(root);
      case 'userHome':
        return home;
      default:
        return name.startsWith('env:') ? valueOfVariable(name.slice('env:'.length), environment) : refuse(whole);
    }
  });
  return isInHome ? home + expanded : expanded;
}

function valueOfVariable(name: string, environment: Surroundings['environment']): string {
  const value = (Object.hasOwn(environment, name) ? environment[name] : undefined) ?? '';
  if (value.trim() === '') {
    throw new StoreFolderError(
      'badSetting',
      `The setting for the folder of the issue store uses the environment variable “${name}”, which is not set. Set it and restart VS Code, or change the setting.`,
    );
  }
  return value;
}

function refuse(variable: string): never {
  throw new StoreFolderError(
    'badSetting',
    `The setting for the folder of the issue store uses ${variable}, which is not one of the variables that it can have: ${VARIABLES}.`,
  );
}
