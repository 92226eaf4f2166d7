import { assertDefined } from '../assertDefined.ts';
import type { KnownStat } from '../disk/disk.ts';
import type { IssueKey, IssueState, TaskProgress } from '../issue/issue.ts';
import { type StoredSummary, summaryOf } from '../storage/issueFile.ts';

/** States are kept by their place here. */
const STATES: readonly IssueState[] = ['open', 'active', 'review', 'done', 'dropped'];

/** A run of issues with a list for each thing that is kept of them: that parses several times as fast as an object for each issue. */
export interface IndexColumns {
  readonly keys: readonly IssueKey[];
  readonly titles: readonly string[];
  readonly versions: readonly string[];
  readonly states: readonly number[];
  /** Tasks; null where nobody has counted. */
  readonly done: readonly (number | null)[];
  readonly total: readonly (number | null)[];
  /** Places of the issues with conflict markers. */
  readonly conflicts: readonly number[];
  readonly created: readonly number[];
  /** Of the stats. */
  readonly sizes: readonly number[];
  readonly inodes: readonly number[];
  readonly modified: readonly number[];
  readonly changed: readonly number[];
}

/** @param part of issues whose files could be read. */
export function columnsOf(part: readonly StoredSummary[]): IndexColumns {
  const summaries = part.map(({ summary }) => summary);
  const stats = part.map(({ stat }) => assertDefined(stat));
  return {
    keys: summaries.map(({ key }) => key),
    titles: summaries.map(({ title }) => title),
    versions: summaries.map(({ version }) => version),
    states: summaries.map(({ state }) => STATES.indexOf(state)),
    done: summaries.map(({ progress }) => progress?.done ?? null),
    total: summaries.map(({ progress }) => progress?.total ?? null),
    conflicts: [...summaries.keys()].filter((place) => summaries[place]?.hasConflict),
    created: summaries.map(({ createdAt }) => createdAt),
    sizes: stats.map(({ size }) => size),
    inodes: stats.map(({ ino }) => ino),
    modified: stats.map(({ mtimeMs }) => mtimeMs),
    changed: stats.map(({ ctimeMs }) => ctimeMs),
  };
}

/** The inverse of {@link columnsOf}. */
export function entriesOf(columns: IndexColumns): StoredSummary[] {
  const conflicts = new Set(columns.conflicts);
  return columns.keys.map((key, place) => {
    const at = <T>(column: readonly T[]): T => assertDefined(column[place]);
    const [done, total] = [at(columns.done), at(columns.total)];
    const progress: TaskProgress | undefined = done === null || total === null ? undefined : { done, total };
    const size = at(columns.sizes);
    const [mtimeMs, ctimeMs] = [at(columns.modified), at(columns.changed)];
    const stat: KnownStat = { kind: 'file', size, ino: at(columns.inodes), mtimeMs, ctimeMs };
    const times = { createdAt: at(columns.created), modifiedAt: mtimeMs };
    const [title, version, state] = [at(columns.titles), at(columns.versions), assertDefined(STATES[at(columns.states)])];
    return { summary: summaryOf({ key, title, version, state, ...times, progress, size, hasConflict: conflicts.has(place) }), stat };
  });
}
