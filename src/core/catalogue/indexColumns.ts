import { assertDefined } from '../assertDefined.ts';
import type { IssueKey } from '../issue/issue.ts';
import { type IssueFields, NO_FIELDS } from '../issue/issueFields.ts';
import type { IssueFileReader, StoredSummary } from '../storage/issueFile.ts';
import type { TextProblem } from '../textProblem.ts';

/**
 * A run of issues as columns, one list per property. They parse several times as fast as one object per issue. States are left out, because
 * they depend on the store's configuration, too.
 */
export interface IndexColumns {
  readonly keys: readonly IssueKey[];
  /** Null where the file's name says as much. */
  readonly ids: readonly ({ readonly id: string; readonly number?: number } | null)[];
  readonly titles: readonly string[];
  readonly fields: FieldColumns;
  readonly versions: readonly string[];
  /** Tasks; null where nobody has counted. */
  readonly done: readonly (number | null)[];
  readonly total: readonly (number | null)[];
  /** Places of the issues with conflict markers. */
  readonly conflicts: readonly number[];
  readonly textProblems: readonly (readonly [place: number, problem: TextProblem])[];
  readonly created: readonly number[];
  /** Of the stats. */
  readonly sizes: readonly number[];
  readonly inodes: readonly number[];
  readonly modified: readonly number[];
  readonly changed: readonly number[];
}

type FieldName = keyof IssueFields;

/** By the name of a field: its values, each once, and for each issue the place of its value among them, or null if it has none. */
type FieldColumns = { readonly [Name in FieldName]?: { readonly values: readonly unknown[]; readonly places: readonly (number | null)[] } };

/** @param part of issues whose files could be read. */
export function columnsOf(part: readonly StoredSummary[], files: IssueFileReader): IndexColumns {
  const summaries = part.map(({ summary }) => summary);
  const stats = part.map(({ stat }) => assertDefined(stat));
  return {
    keys: summaries.map(({ key }) => key),
    ids: summaries.map((summary) => idIfUnexpected(summary, files)),
    titles: summaries.map(({ title }) => title),
    fields: fieldColumnsOf(summaries.map(({ fields }) => fields)),
    versions: summaries.map(({ version }) => version),
    done: summaries.map(({ progress }) => progress?.done ?? null),
    total: summaries.map(({ progress }) => progress?.total ?? null),
    conflicts: [...summaries.keys()].filter((place) => summaries[place]?.hasConflict),
    textProblems: [...summaries.entries()].flatMap(([place, { textProblem }]) => (textProblem ? [[place, textProblem] as const] : [])),
    created: summaries.map(({ createdAt }) => createdAt),
    sizes: stats.map(({ size }) => size),
    inodes: stats.map(({ ino }) => ino),
    modified: stats.map(({ mtimeMs }) => mtimeMs),
    changed: stats.map(({ ctimeMs }) => ctimeMs),
  };
}

function idIfUnexpected({ key, id, number }: StoredSummary['summary'], files: IssueFileReader): IndexColumns['ids'][number] {
  const byName = files.schema.idOfName(key);
  if (byName.id === id && byName.number === number) {
    return null;
  }
  return number === undefined ? { id } : { id, number };
}

function fieldColumnsOf(all: readonly IssueFields[]): FieldColumns {
  const names = new Set(all.flatMap((fields) => Object.keys(fields) as FieldName[]));
  return Object.fromEntries(Array.from(names, (name) => [name, fieldColumnOf(all.map((fields) => fields[name]))]));
}

function fieldColumnOf(column: readonly unknown[]): Required<FieldColumns>[FieldName] {
  const values = new Map(column.filter((value) => value !== undefined).map((value) => [JSON.stringify(value), value]));
  const places = new Map([...values.keys()].map((json, place) => [json, place]));
  return { values: [...values.values()], places: column.map((value) => places.get(JSON.stringify(value)) ?? null) };
}

/** The inverse of {@link fieldColumnsOf}, issue by issue. */
function fieldsReader(columns: FieldColumns, files: IssueFileReader): (issue: number) => IssueFields {
  const shared = (Object.keys(columns) as FieldName[]).map((name) => {
    const { values, places } = assertDefined(columns[name]);
    return { name, places, values: values.map((value) => files.sharedValue(value, name)) };
  });
  return (issue) => {
    const fields: Record<string, unknown> = {};
    let count = 0;
    for (const { name, places, values } of shared) {
      const place = places[issue];
      if (typeof place === 'number') {
        fields[name] = values[place];
        count++;
      }
    }
    return count === 0 ? NO_FIELDS : Object.freeze(fields);
  };
}

/** The inverse of {@link columnsOf}. */
export function entriesOf(columns: IndexColumns, files: IssueFileReader): StoredSummary[] {
  const fieldsOf = fieldsReader(columns.fields, files);
  const conflicts = new Set(columns.conflicts);
  const textProblems = new Map(columns.textProblems);
  return columns.keys.map((key, place) => {
    const done = at(columns.done, place);
    const total = at(columns.total, place);
    const size = at(columns.sizes, place);
    const mtimeMs = at(columns.modified, place);
    const { id, number } = columns.ids[place] ?? files.schema.idOfName(key);
    const summary = files.summaryOf({
      key,
      id,
      number,
      title: at(columns.titles, place),
      fields: fieldsOf(place),
      createdAt: at(columns.created, place),
      modifiedAt: mtimeMs,
      version: at(columns.versions, place),
      size,
      progress: done === null || total === null ? undefined : { done, total },
      hasConflict: conflicts.has(place),
      textProblem: textProblems.get(place),
    });
    return { summary, stat: { kind: 'file', size, ino: at(columns.inodes, place), mtimeMs, ctimeMs: at(columns.changed, place) } };
  });
}

function at<T>(column: readonly T[], place: number): T {
  return assertDefined(column[place]);
}
