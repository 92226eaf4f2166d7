import { type IssueSummary, issueKey } from '../../../src/core/issue/issue.ts';
import { parseIssueId } from '../../../src/core/issue/issueFileName.ts';

/** A version with this name, as long as those of files are. */
export function madeVersion(name: string): string {
  return name.padEnd(24, '-');
}

/** What a list has of an issue with this id, made up and not from a file. */
export function summaryOf(id: string, { completed = false, ...more }: Partial<IssueSummary> = {}): IssueSummary {
  const key = issueKey(id, completed);
  return {
    ...parseIssueId(id),
    key,
    title: id,
    completed,
    filePath: `/store/${key}.md`,
    createdAt: new Date(0),
    modifiedAt: new Date(0),
    version: madeVersion('v1'),
    progress: { done: 0, total: 0 },
    size: 0,
    ...more,
  };
}

/** Numbered issues, in order. */
export function numbered(from: number, count: number, more: Partial<IssueSummary> = {}): IssueSummary[] {
  return Array.from({ length: count }, (_, index) => summaryOf(`${String(from + index).padStart(6, '0')}_issue`, more));
}
