import type { IssueCatalogue, IssueChange } from '../catalogue/issueCatalogue.ts';
import { twinKey } from '../formats/numberedLayout.ts';
import type { IssueKey, IssueProblem, IssueSummary } from '../issue/issue.ts';
import { originalOfCopy } from '../issue/issueFileName.ts';

/** Something about an issue that people should mend. */
export type StoreFinding =
  /** Other issues have its number. */
  | { readonly kind: 'sharedNumber'; readonly number: number; readonly others: readonly IssueSummary[] }
  /** The file of the same name in the other folder. */
  | { readonly kind: 'bothFolders'; readonly other: IssueSummary }
  /** A merge has left conflict markers in its text. */
  | { readonly kind: 'mergeConflict' }
  /** A sync program has made it because two machines have changed the issue with this id, which need not be there any more. */
  | { readonly kind: 'conflictedCopy'; readonly originalId: string }
  /** Its text could not be taken. */
  | { readonly kind: IssueProblem['code']; readonly message: string };

export type FindingKind = StoreFinding['kind'];

/** What the findings are made from. */
export type FindingSource = Pick<IssueCatalogue, 'get' | 'withNumber' | 'sharedNumbers'>;

/**
 * What is wrong with an issue, as far as it and the names of the others tell. Two files with one name in both folders are one finding,
 * not two: they share their number because they share their name.
 */
export function findingsOf(source: FindingSource, summary: IssueSummary): StoreFinding[] {
  const findings: StoreFinding[] = [];
  const { key, number, id, problem, hasConflict } = summary;
  if (problem !== undefined) {
    findings.push({ kind: problem.code, message: problem.message });
  }
  if (hasConflict) {
    findings.push({ kind: 'mergeConflict' });
  }
  const originalId = originalOfCopy(id);
  if (originalId !== undefined) {
    findings.push({ kind: 'conflictedCopy', originalId });
  }
  const twin = source.get(twinKey(key))?.summary;
  if (twin !== undefined) {
    findings.push({ kind: 'bothFolders', other: twin });
  }
  if (number !== undefined && source.sharedNumbers.has(number)) {
    const others = source.withNumber(number).filter((other) => other.id !== id);
    if (others.length > 0) {
      findings.push({ kind: 'sharedNumber', number, others });
    }
  }
  return findings;
}

/**
 * The issues whose findings can be others after a change: those in it, and those that an issue which came or went has to do with by its
 * number or its name. Issues that are not there any more are left out.
 */
export function concernedBy(source: FindingSource, { added, changed, removed }: IssueChange): Map<IssueKey, IssueSummary> {
  const concerned = new Map<IssueKey, IssueSummary>();
  const take = (summary: IssueSummary | undefined) => summary && concerned.set(summary.key, summary);
  const numbers = new Set<number>();
  for (const { key, number } of [...added, ...removed]) {
    take(source.get(twinKey(key))?.summary);
    if (number !== undefined) {
      numbers.add(number);
    }
  }
  for (const number of numbers) {
    for (const summary of source.withNumber(number)) {
      take(summary);
    }
  }
  for (const { key } of [...added, ...changed]) {
    take(source.get(key)?.summary);
  }
  return concerned;
}
