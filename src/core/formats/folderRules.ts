import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import type { FolderRule } from './storeFormat.ts';

/** Folders by rules. Paths are relative, with `/` between the parts; empty for the folder in which they begin. */
export class FolderRules {
  readonly rules: readonly FolderRule[];

  constructor(rules: readonly FolderRule[]) {
    this.rules = rules;
  }

  /** Whether any folder below one of these belongs to them, too, so that new ones can appear. */
  get isNested(): boolean {
    return this.rules.some(({ depth }) => depth > 0);
  }

  has(folder: string): boolean {
    return this.rules.some(({ path, depth }) => folder === path || (depth > 0 && isWithin(folder, path, depth)));
  }
}

/**
 * True if the folder lies below `path`, at most `depth` levels, and no part of its path below there is hidden or named as an issue's file, by
 * which a watcher tells files from folders.
 */
function isWithin(folder: string, path: string, depth: number): boolean {
  const prefix = path === '' ? '' : `${path}/`;
  if (folder === '' || !folder.startsWith(prefix)) {
    return false;
  }
  const parts = folder.slice(prefix.length).split('/');
  return parts.length <= depth && !parts.some((part) => part.startsWith('.') || part.endsWith(ISSUE_EXTENSION));
}
