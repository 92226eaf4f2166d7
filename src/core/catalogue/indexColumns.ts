import { assertDefined } from '../assertDefined.ts';
import type { IssueKey, IssueState } from '../issue/issue.ts';
import { type StoredSummary, summaryOf } from '../storage/issueFile.ts';

/** States are kept by their place here. */
const STATES: readonly IssueState[] = ['open', 'active', 'review', 'done', 'dropped'];

/** A run of issues as columns, one list per property. They parse several times as fast as one object per issue. */
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
    const done = at(columns.done, place);
    const total = at(columns.total, place);
    const size = at(columns.sizes, place);
    const mtimeMs = at(columns.modified, place);
    const summary = summaryOf({
      key,
      title: at(columns.titles, place),
      state: at(STATES, at(columns.states, place)),
      createdAt: at(columns.created, place),
      modifiedAt: mtimeMs,
      version: at(columns.versions, place),
      size,
      progress: done === null || total === null ? undefined : { done, total },
      hasConflict: conflicts.has(place),
    });
    return { summary, stat: { kind: 'file', size, ino: at(columns.inodes, place), mtimeMs, ctimeMs: at(columns.changed, place) } };
  });
}

function at<T>(column: readonly T[], place: number): T {
  return assertDefined(column[place]);
}
