import type { IssueKey } from '../issue/issue.ts';
import { ISSUE_EXTENSION } from '../issue/issueFileName.ts';
import { fileNameOfKey, keyOfFile } from '../issue/issueKey.ts';
import type { IssueState } from '../issue/issueState.ts';
import { folderOf } from '../issue/relativePath.ts';
import type { TextProblem } from '../textProblem.ts';
import { FolderRules } from './folderRules.ts';
import type { Description, FolderGlob, StateSource, StoreFormat } from './storeFormat.ts';

interface SchemaPlace {
  readonly only?: FolderGlob | undefined;
  readonly config?: string | undefined;
}

/** A format together with the configuration of one store. Immutable: a changed configuration makes a new one. */
export class StoreSchema {
  readonly format: StoreFormat;
  /** The folders with issues, relative to the store. */
  readonly folders: FolderRules;
  /** Why the configuration is used only as far as it could be read. */
  readonly problem: TextProblem | undefined;
  /** By what names and texts are read. What another reader made of them does not count. */
  readonly reader: string;
  /** Absolute path of the configuration's file; undefined if the store has none. */
  readonly configPath: string | undefined;
  readonly #config: unknown;
  readonly #only: FolderGlob | undefined;

  /**
   * @param configText of the store's configuration file; undefined if there is none.
   * @param place `only` see {@link StorePlace.only}, `config` see {@link configPath}
   */
  constructor(format: StoreFormat, configText?: string, { only, config: configPath }: SchemaPlace = {}) {
    const { config, problem } = format.readConfig(configText);
    this.format = format;
    this.problem = problem;
    this.configPath = configPath;
    this.folders = new FolderRules(format.folders(config));
    this.reader = [format.id, format.version, format.readsBy?.(config) ?? '', only?.glob ?? ''].join(' ').trimEnd();
    this.#config = config;
    this.#only = only;
  }

  /** The key of the issue in a file; undefined if the file cannot be one. @param folder relative to the store, with `/` between the parts; may be empty */
  keyOf(folder: string, name: string): IssueKey | undefined {
    const key = keyOfFile(folder, name);
    return key !== undefined && (this.#only === undefined || this.#only.fits(folder)) && this.format.isIssueFile(pathOf(key), this.#config)
      ? key
      : undefined;
  }

  /** Whether a file with this key can be an issue. */
  isIssue(key: IssueKey): boolean {
    const folder = folderOf(key);
    return this.folders.has(folder) && this.keyOf(folder, fileNameOfKey(key)) === key;
  }

  describe(key: IssueKey, text: string): Description | undefined {
    return this.format.describe(pathOf(key), text, this.#config);
  }

  describeName(key: IssueKey): Pick<Description, 'id' | 'number' | 'title'> {
    return this.format.describeName(pathOf(key), this.#config);
  }

  /** What a file's name says of the issue's id. */
  idOfName(key: IssueKey): Pick<Description, 'id' | 'number'> {
    return this.format.idOfName?.(pathOf(key)) ?? this.describeName(key);
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
