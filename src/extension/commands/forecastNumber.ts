import { splitIssueKey } from '../../core/issue/issue.ts';
import { nextIssueNumber } from '../../core/issue/issueFileName.ts';
import type { IssueStore } from '../../core/store/issueStore.ts';

/** The number that the next issue gets if nobody else is faster: the one that counts is found when its file is made. */
export function forecastNumber({ catalogue }: Pick<IssueStore, 'catalogue'>): number {
  return nextIssueNumber([...catalogue.keys()].map((key) => splitIssueKey(key).id));
}
