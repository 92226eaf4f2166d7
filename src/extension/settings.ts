import { type ConfigurationChangeEvent, type ConfigurationScope, ConfigurationTarget, l10n, workspace } from 'vscode';
import { NUMBERED_FORMAT, type StoreEntry, type StoreSetSettings, type StoreSettings } from '../core/index.ts';

const SECTION = 'markdownIssues';

/** Every setting, as `package.json` declares it. A test holds the two against each other. */
export const SETTING_KEYS = [
  'stores',
  'ignoredFormats',
  'folder',
  'tree.showCompleted',
  'tree.checkboxes',
  'cache.timeToLive',
  'cache.size',
  'watcher.coalescingWindow',
] as const;
type SettingKey = (typeof SETTING_KEYS)[number];

/** The settings that concern the store of a folder. Values out of range are brought into it: a typo must not stop the store. */
export function storeSettings(scope: ConfigurationScope): StoreSettings {
  return {
    folder: onlyFolder(scope),
    confined: !workspace.isTrusted,
    ...(workspace.isTrusted ? {} : { readOnlyReason: l10n.t('Issues can be changed only in a trusted workspace.') }),
    ttl: 1000 * clamped(read(scope, 'cache.timeToLive', 300), 1, 86_400),
    maxSize: Math.round(clamped(read(scope, 'cache.size', 1000), 1, 100_000)),
    coalescingWindow: clamped(read(scope, 'watcher.coalescingWindow', 50), 0, 5000),
  };
}

/** Which stores a workspace folder has. */
export function storeSetSettings(scope: ConfigurationScope): StoreSetSettings {
  const ignoredFormats = read<readonly unknown[]>(scope, 'ignoredFormats', []).filter((id) => typeof id === 'string');
  if (onlyFolder(scope) !== undefined) {
    return { stores: [], ignoredFormats, hasUsual: true };
  }
  const stores = workspace.isTrusted ? read<readonly unknown[]>(scope, 'stores', ['auto']).flatMap(storeEntry) : ['auto' as const];
  return { stores, ignoredFormats, hasUsual: stores.includes('auto') && !ignoredFormats.includes(NUMBERED_FORMAT.id) };
}

/** The deprecated setting of a single folder, which counts only where the list of stores is not set. */
function onlyFolder(scope: ConfigurationScope): string | undefined {
  const { globalValue, workspaceValue, workspaceFolderValue } = workspace.getConfiguration(SECTION, scope).inspect('stores') ?? {};
  const isListSet = [globalValue, workspaceValue, workspaceFolderValue].some((value) => value !== undefined);
  const folder = read(scope, 'folder', '').trim();
  return folder === '' || isListSet ? undefined : folder;
}

/** None for what is no entry. */
function storeEntry(value: unknown): StoreEntry[] {
  if (value === 'auto') {
    return ['auto'];
  }
  if (typeof value === 'string') {
    return value.trim() === '' ? [] : [{ folder: value }];
  }
  const { folder, format, label }: Partial<Record<'folder' | 'format' | 'label', unknown>> = Object(value);
  const text = (each: unknown) => (typeof each === 'string' && each.trim() !== '' ? each : undefined);
  return typeof folder === 'string' && folder.trim() !== '' ? [{ folder, format: text(format), label: text(label) }] : [];
}

/** Whether the tree shows completed issues of a folder. */
export function showsCompleted(scope: ConfigurationScope): boolean {
  return read(scope, 'tree.showCompleted', true);
}

/** Which rows of a folder's issues have checkboxes: those of tasks, of issues, too, or none. */
export function checkboxes(scope: ConfigurationScope): 'tasks' | 'all' | 'none' {
  const chosen = read<string>(scope, 'tree.checkboxes', 'tasks');
  return chosen === 'all' || chosen === 'none' ? chosen : 'tasks';
}

/**
 * Changes it for every folder: in each folder that has a value of its own, and for the rest in the workspace if it is set there, else for
 * the user.
 */
export async function setShowsCompleted(show: boolean): Promise<void> {
  const key: SettingKey = 'tree.showCompleted';
  for (const folder of workspace.workspaceFolders ?? []) {
    const configuration = workspace.getConfiguration(SECTION, folder);
    if (configuration.inspect(key)?.workspaceFolderValue !== undefined) {
      await configuration.update(key, show, ConfigurationTarget.WorkspaceFolder);
    }
  }
  const configuration = workspace.getConfiguration(SECTION);
  const isInWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  await configuration.update(key, show, isInWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}

/** True if the change concerns this setting, or any of ours without one. */
export function affectsSetting(event: ConfigurationChangeEvent, key?: SettingKey, scope?: ConfigurationScope): boolean {
  return event.affectsConfiguration(key === undefined ? SECTION : `${SECTION}.${key}`, scope);
}

function read<T extends string | number | boolean | readonly unknown[]>(scope: ConfigurationScope, key: SettingKey, fallback: T): T {
  const value: unknown = workspace.getConfiguration(SECTION, scope).get(key);
  return typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback) ? (value as T) : fallback;
}

function clamped(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : least;
}
