import { l10n } from 'vscode';
import { IssueError, type IssueStore, idOfKey, MAX_ISSUE_NUMBER, nextIssueNumber } from '../../core/index.ts';

/**
 * The first of the numbers that the next issues get if nobody else is faster: those that count are found when their files are made.
 *
 * @param count how many numbers are needed, one after the other.
 * @throws IssueError `outOfNumbers` if there are not as many.
 */
export function peekNextNumber({ catalogue }: Pick<IssueStore, 'catalogue'>, count = 1): number {
  const first = nextIssueNumber([...catalogue.keys()].map(idOfKey));
  if (first + count - 1 > MAX_ISSUE_NUMBER) {
    throw new IssueError(
      'outOfNumbers',
      l10n.t(
        '{0} issues need new numbers, but only {1} to {2} are free. Give the files with the highest numbers lower ones and try again.',
        count,
        first,
        MAX_ISSUE_NUMBER,
      ),
    );
  }
  return first;
}
