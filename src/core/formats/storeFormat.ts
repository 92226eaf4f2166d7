import type { IssueKey } from '../issue/issue.ts';
import type { IssueFields } from '../issue/issueFields.ts';
import type { IssueState, TaskProgress } from '../issue/issueState.ts';
import type { BoxFinder } from '../markdown/taskBoxes.ts';
import type { TextProblem } from '../textProblem.ts';

/*
 * A format says what the folders, names, texts and states of one kind of store mean. It is a value without state, clock, or file access of
 * its own: names and texts go in, meanings come out. Nothing else in the product asks which format a store has.
 */

/** How a format looks around in a workspace folder. Paths are relative to it, with `/` between the parts. Links are not followed. */
export interface FolderProbe {
  /** The text of a file; undefined if there is none, or it is too large or no text. */
  read(path: string): Promise<string | undefined>;
  /** The entries of a folder, unordered; none if there is no such folder. An empty path is the workspace folder itself. */
  list(path: string): Promise<readonly FolderEntry[]>;
  /** Whether a folder has an entry that fits. It is read up to the first one, so this is for folders that may hold very many. */
  holds(path: string, fits: (entry: FolderEntry) => boolean): Promise<boolean>;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/** Where a store is. Paths are absolute, or relative to the workspace folder with `/` between the parts. */
export interface StorePlace {
  /** Empty if it is the workspace folder itself. */
  readonly folder: string;
  /** The store's configuration; left out if the format has none. The file may be missing. */
  readonly config?: string;
  /** Only files in folders that fit are issues. Left out for all. */
  readonly only?: FolderGlob;
}

/** A glob for folders, relative to a store. What is below a folder that fits, fits, too. */
export interface FolderGlob {
  readonly glob: string;
  fits(folder: string): boolean;
}

/** A folder that holds issues. */
export interface FolderRule {
  /** Relative to the store, with `/` between the parts. Empty for the store's own folder. */
  readonly path: string;
  /** How many levels of folders below it hold issues, too; 0 for none. Those whose name begins with a dot or ends in `.md` never do. */
  readonly depth: number;
}

/** What a configuration says, as far as it can be read. */
export interface ConfigReading<Config> {
  readonly config: Config;
  readonly problem?: TextProblem;
}

/** What a file's text says of its issue. */
export interface Description {
  /** As people and files name it, e.g. `BACK-12.1`. Need not be unique. */
  readonly id: string;
  readonly number?: number;
  readonly title: string;
  readonly fields: IssueFields;
  readonly progress: TaskProgress;
  /** True if a merge has left conflict markers in the text. */
  readonly hasConflict: boolean;
  /** Why fields may be missing, e.g. front matter that is no YAML. What could be read is there. */
  readonly problem?: TextProblem;
}

/** What a state is derived from. It is all in the summary, so that a new configuration reads no issue again. */
export interface StateSource {
  readonly key: IssueKey;
  readonly fields: IssueFields;
  readonly progress: TaskProgress | undefined;
}

export type FieldName = 'title' | 'status' | 'priority' | 'labels' | 'assignees' | 'type' | 'milestone' | 'parent' | 'dependencies';

/** What this extension can change in a store. */
export interface FormatWrites {
  readonly create: boolean;
  readonly complete: boolean;
  readonly reopen: boolean;
  readonly rename: boolean;
  /** Give an issue another number, and change the references to it, because each number should mean one issue. */
  readonly renumber: boolean;
  readonly delete: boolean;
  /** Tick a task box, and take the tick away. */
  readonly tick: boolean;
  readonly fields: readonly FieldName[];
}

/** Of other tools' formats. One character between two brackets disturbs none of them. */
export const ONLY_TICKS: FormatWrites = {
  create: false,
  complete: false,
  reopen: false,
  rename: false,
  renumber: false,
  delete: false,
  tick: true,
  fields: [],
};

/** @typeParam Config what the format takes from a store's configuration; `undefined` if it has none. */
export interface StoreFormat<Config = unknown> {
  /** Constant and unique, e.g. `backlog`. Used in settings and saved indexes. */
  readonly id: string;
  /** For people, e.g. `Backlog.md`. */
  readonly label: string;
  /** Increase it whenever {@link describe} reads a text differently, so that saved indexes are not used any more. */
  readonly version: number;
  /** All stores of this format that their markers show in a workspace folder. */
  detect(folder: FolderProbe): Promise<readonly StorePlace[]>;
  /** The configuration of a store in a folder that a setting names. Left out if there is none to look for. */
  configOf?(folder: string): string;
  /** @param text of the configuration file; undefined if there is none. Never throws. */
  readConfig(text: string | undefined): ConfigReading<Config>;
  /** The folders with issues. Those inside each other need no rule of their own if a depth covers them. */
  folders(config: Config): readonly FolderRule[];
  /**
   * What of the configuration names and texts are read by, as one text to compare; left out if nothing. Where it changes, every issue is read
   * again; any other change only derives states anew.
   */
  readsBy?(config: Config): string;
  /** Whether a file in one of these folders can be an issue. @param path relative to the store, e.g. `tasks/back-1 - Title.md`. */
  isIssueFile(path: string, config: Config): boolean;
  /** Reads an issue; undefined if its text shows that it is none. @param path relative to the store. Never throws. */
  describe(path: string, text: string, config: Config): Description | undefined;
  /** Finds the task boxes that {@link describe} counts. Left out if they are those that GitHub draws. */
  readonly boxes?: BoxFinder;
  /** Who has an issue to himself, so that nobody else may change its file while that is read-only. Left out if the tool knows no such thing. */
  claimantOf?(text: string): string | undefined;
  /** What is known of a file that cannot be read: only its name. @param path relative to the store. */
  describeName(path: string, config: Config): Pick<Description, 'id' | 'number' | 'title'>;
  /** The same without the title, for formats where that takes less time: every file of a store is asked for it. */
  idOfName?(path: string): Pick<Description, 'id' | 'number'>;
  stateOf(source: StateSource, config: Config): IssueState;
  /** How people write the issue's id in a list, e.g. `#12` or `BACK-3`; undefined where the title alone says as much. */
  labelOf(issue: { readonly key: IssueKey; readonly id: string; readonly number?: number }): string | undefined;
  /** What people keep issues of one matter together by: a series of numbers of its own, or the folder of a feature. Left out if there is none. */
  seriesOf?(issue: { readonly id: string }): string | undefined;
  /** The keys of all files that can have this id, open issues first. Left out if an id does not tell where its file is. */
  keysOfId?(id: string): readonly IssueKey[];
  /**
   * One string for all spellings of a reference to an issue, e.g. `TASK-05` and `task-5`.
   * @param from the id of the issue in which the reference stands, for formats whose numbers begin anew in each folder
   */
  foldId(ref: string, from?: string): string;
  /** True where a parent can be something else than an issue of the store, so that one that is not found is no mistake. */
  readonly hasParentsElsewhere?: boolean;
  /** True of issues whose ids the tool gives away again, such as archived ones. Left out if there are none. */
  givesAwayIdOf?(key: IssueKey): boolean;
  /** The statuses that the configuration knows, in order; undefined if any word will do. Others are findings. */
  knownStatuses?(config: Config): readonly string[] | undefined;
  readonly writes: FormatWrites;
}
