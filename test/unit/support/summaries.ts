import { issueKey } from '../../../src/core/formats/numberedLayout.ts';
import type { IssueSummary } from '../../../src/core/issue/issue.ts';
import { NO_FIELDS } from '../../../src/core/issue/issueFields.ts';
import { parseIssueId } from '../../../src/core/issue/issueFileName.ts';

/** A version with this name, as long as those of files are. */
export function madeVersion(name: string): string {
  return name.padEnd(24, '-');
}

/** What a made-up summary is to say; `completed` stands for a folder and the state that follows from it. */
type MadeUp = Partial<IssueSummary> & { readonly completed?: boolean };

/** What a list has of an issue with this id, made up and not from a file. */
export function summaryOf(id: string, { completed = false, ...more }: MadeUp = {}): IssueSummary {
  const key = issueKey(id, completed);
  return {
    ...parseIssueId(id),
    key,
    title: id,
    fields: NO_FIELDS,
    state: completed ? 'done' : 'open',
    createdAt: 0,
    modifiedAt: 0,
    version: madeVersion('v1'),
    progress: { done: 0, total: 0 },
    size: 0,
    ...more,
  };
}

/** Numbered issues, in order. */
export function numbered(from: number, count: number, more: MadeUp = {}): IssueSummary[] {
  return Array.from({ length: count }, (_, index) => summaryOf(`${String(from + index).padStart(6, '0')}_issue`, more));
}
