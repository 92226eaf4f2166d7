import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Description, FolderProbe, FolderRule, StoreFormat, StorePlace } from '../../../src/core/formats/storeFormat.ts';
import type { IssueKey } from '../../../src/core/issue/issue.ts';
import type { IssueState } from '../../../src/core/issue/issueState.ts';

export interface DescribedIssue extends Description {
  /** Relative to the workspace folder, with `/` between the parts. */
  readonly path: string;
  readonly state: IssueState;
}

/** Looks around in a real folder. */
export function probeOf(root: string): FolderProbe {
  return {
    read: async (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
    list: async (path) => entriesOf(join(root, path)),
    holds: async (path, fits) => entriesOf(join(root, path)).some(fits),
  };
}

/** Every issue that a format finds in a workspace folder, in the order of the paths. @param places instead of those that it detects */
export async function describedIssues(
  root: string,
  format: StoreFormat,
  places?: readonly StorePlace[],
): Promise<readonly DescribedIssue[]> {
  const found = (places ?? (await format.detect(probeOf(root)))).flatMap((place) => issuesOf(root, format, place));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function issuesOf(root: string, format: StoreFormat, place: StorePlace): DescribedIssue[] {
  const configPath = place.config === undefined ? undefined : join(root, place.config);
  const { config } = format.readConfig(configPath !== undefined && existsSync(configPath) ? readFileSync(configPath, 'utf8') : undefined);
  const paths = format.folders(config).flatMap((rule) => filesOf(join(root, place.folder), rule));
  return [...new Set(paths)]
    .filter((path) => format.isIssueFile(path, config))
    .flatMap((path) => {
      const description = format.describe(path, readFileSync(join(root, place.folder, path), 'utf8'), config);
      if (description === undefined) {
        return [];
      }
      const key = path.replace(/\.md$/, '') as IssueKey;
      const state = format.stateOf({ key, fields: description.fields, progress: description.progress }, config);
      return [{ ...description, path: place.folder === '' ? path : `${place.folder}/${path}`, state }];
    });
}

function filesOf(store: string, { path, depth }: FolderRule): string[] {
  return entriesOf(join(store, path)).flatMap(({ name, kind }) => {
    const inner = path === '' ? name : `${path}/${name}`;
    if (kind === 'file') {
      return [inner];
    }
    return depth > 0 && !name.startsWith('.') ? filesOf(store, { path: inner, depth: depth - 1 }) : [];
  });
}

function entriesOf(folder: string): { readonly name: string; readonly kind: 'file' | 'folder' }[] {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() || entry.isDirectory() ? [{ name: entry.name, kind: entry.isFile() ? ('file' as const) : ('folder' as const) }] : [],
  );
}
