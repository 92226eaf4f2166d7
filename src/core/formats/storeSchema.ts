import type { IssueKey } from '../issue/issue.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import { keyOfFile } from '../issue/issueKey.ts';
import type { IssueState } from '../issue/issueState.ts';
import type { TextProblem } from '../textProblem.ts';
import type { Description, FolderRule, StateSource, StoreFormat } from './storeFormat.ts';

/** A format together with the configuration of one store. Immutable: a changed configuration makes a new one. */
export class StoreSchema {
  readonly format: StoreFormat;
  /** The folders with issues; see {@link FolderRule}. */
  readonly rules: readonly FolderRule[];
  /** Why the configuration is used only as far as it could be read. */
  readonly problem: TextProblem | undefined;
  /** By what names and texts are read. What another reader made of them does not count. */
  readonly reader: string;
  readonly #config: unknown;

  /** @param configText of the store's configuration file; undefined if there is none. */
  constructor(format: StoreFormat, configText?: string) {
    const { config, problem } = format.readConfig(configText);
    this.format = format;
    this.problem = problem;
    this.rules = format.folders(config);
    this.reader = [format.id, format.version, ...(format.readsBy === undefined ? [] : [format.readsBy(config)])].join(' ');
    this.#config = config;
  }

  /** Whether files of this folder can be issues. @param folder relative to the store, with `/` between the parts; empty for the store itself */
  holdsIssues(folder: string): boolean {
    return this.rules.some(({ path, depth }) => folder === path || (depth > 0 && isWithin(folder, path, depth)));
  }

  /** Whether issues can lie in folders below each other, of which any can be new. */
  get isNested(): boolean {
    return this.rules.some(({ depth }) => depth > 0);
  }

  /** The key of the issue in a file; undefined if the file cannot be one. @param folder as in {@link holdsIssues} */
  keyOf(folder: string, name: string): IssueKey | undefined {
    const key = keyOfFile(folder, name);
    return key !== undefined && this.format.isIssueFile(pathOf(key), this.#config) ? key : undefined;
  }

  describe(key: IssueKey, text: string): Description | undefined {
    return this.format.describe(pathOf(key), text, this.#config);
  }

  describeName(key: IssueKey): Pick<Description, 'id' | 'number' | 'title'> {
    return this.format.describeName(pathOf(key), this.#config);
  }

  stateOf(source: StateSource): IssueState {
    return this.format.stateOf(source, this.#config);
  }

  /** The status words that the configuration knows; undefined if any word will do. */
  get statuses(): readonly string[] | undefined {
    return this.format.knownStatuses?.(this.#config);
  }
}

function pathOf(key: IssueKey): string {
  return key + ISSUE_EXTENSION;
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
