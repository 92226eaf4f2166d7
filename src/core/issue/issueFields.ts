import type { TaskProgress } from './issueState.ts';

/**
 * What an issue says of itself beside title and text. Words are as they stand in the file, so that people see their own; what each format
 * reads from where is in `docs/formats.md`.
 */
export interface IssueFields {
  /** The tool's own word, e.g. `In Progress`. What it means is the issue's `state`. */
  readonly status?: string;
  readonly priority?: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly type?: string;
  /** A reference to another issue, as it is written. */
  readonly parent?: string;
  /** References to the issues that have to be finished before this one, as they are written. */
  readonly dependencies?: readonly string[];
  /** References to the issues that wait for this one. */
  readonly blocks?: readonly string[];
  /** References to related issues. */
  readonly links?: readonly string[];
  readonly milestone?: string;
  /** In milliseconds since the epoch, as all times. A date without a time is the beginning of that day in UTC. */
  readonly created?: number;
  readonly updated?: number;
  /** As it is written, because most are days, which are the same in every time zone. */
  readonly due?: string;
  /** Where the tool itself shows the issue among others: a number or a fractional index. */
  readonly order?: string;
  /** Set if its tool has put it away among the archived ones. */
  readonly archived?: boolean;
  /** Task boxes that need not be done, which count in no progress. Kiro has them. */
  readonly optional?: TaskProgress;
}

/** Shared by all issues without fields. */
export const NO_FIELDS: IssueFields = Object.freeze({});

/**
 * The fields with other values of the same types, without those that are undefined. A loop over names, because lists of entries for each
 * issue take several times as long.
 */
export function mappedFields(fields: IssueFields, change: (value: unknown, name: keyof IssueFields) => unknown): IssueFields {
  const mapped: Record<string, unknown> = {};
  let count = 0;
  for (const name of Object.keys(fields) as (keyof IssueFields)[]) {
    const value = change(fields[name], name);
    if (value !== undefined) {
      mapped[name] = value;
      count++;
    }
  }
  return count === 0 ? NO_FIELDS : (mapped as IssueFields);
}
