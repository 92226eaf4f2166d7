import type { IssueCatalogue, IssueChange } from '../catalogue/issueCatalogue.ts';
import type { IssueReference } from '../catalogue/issueRelations.ts';
import { compareIssues, type IssueKey, type IssueProblem, type IssueSummary } from '../issue/issue.ts';
import { originalOfCopy } from '../issue/issueFileName.ts';
import { nameOf } from '../issue/relativePath.ts';
import type { TextProblem } from '../textProblem.ts';

/** Something about an issue that people should mend. */
export type StoreFinding =
  /** Other issues have its number, which should mean one issue. */
  | { readonly kind: 'sharedNumber'; readonly number: number; readonly others: readonly IssueSummary[] }
  /** The file of the same name in the other folder. */
  | { readonly kind: 'bothFolders'; readonly other: IssueSummary }
  /** Other issues have its id. `isMeant` if the tool gives the id of an issue such as an archived one away. */
  | { readonly kind: 'sharedId'; readonly id: string; readonly others: readonly IssueSummary[]; readonly isMeant: boolean }
  /** A merge has left conflict markers in its text. */
  | { readonly kind: 'mergeConflict' }
  /** A sync program has made it because two machines have changed the issue with this id, which need not be there any more. */
  | { readonly kind: 'conflictedCopy'; readonly originalId: string }
  /** Its text could not be taken. */
  | { readonly kind: IssueProblem['code']; readonly message: string }
  /** Its text has a mistake because of which fields may be missing. */
  | { readonly kind: 'textProblem'; readonly problem: TextProblem }
  /** No issue of the store is meant by these. */
  | { readonly kind: 'danglingReference'; readonly references: readonly IssueReference[] }
  /** It is its own parent by way of these issues, the nearest first; none if it names itself. */
  | { readonly kind: 'parentCircle'; readonly others: readonly IssueSummary[] }
  /** It waits for itself by way of these issues, the nearest first; none if it names itself. */
  | { readonly kind: 'dependencyCircle'; readonly others: readonly IssueSummary[] }
  /** The store's configuration does not have its status. */
  | { readonly kind: 'unknownStatus'; readonly status: string; readonly known: readonly string[] };

export type FindingKind = StoreFinding['kind'];

/** True of what tools cope with. Everything else keeps somebody from working with an issue. */
export function isHarmless(finding: StoreFinding): boolean {
  return finding.kind === 'danglingReference' || finding.kind === 'unknownStatus' || (finding.kind === 'sharedId' && finding.isMeant);
}

/** Issues and their numbers. */
export type NumberSource = Pick<IssueCatalogue, 'get' | 'withNumber' | 'sharedNumbers'>;

/** What the findings are made from. */
export type FindingSource = NumberSource & Pick<IssueCatalogue, 'format' | 'relations' | 'statuses'>;

/**
 * What is wrong with an issue, as far as it, its relations and the names of the others tell. Two files with one name in both folders are one
 * finding, not two: they share their number because they share their name.
 */
export function findingsOf(source: FindingSource, summary: IssueSummary): StoreFinding[] {
  const { key, problem, hasConflict, textProblem } = summary;
  const findings: StoreFinding[] = [];
  if (problem !== undefined) {
    findings.push({ kind: problem.code, message: problem.message });
  }
  if (textProblem !== undefined) {
    findings.push({ kind: 'textProblem', problem: textProblem });
  }
  if (hasConflict) {
    findings.push({ kind: 'mergeConflict' });
  }
  const originalId = originalOfCopy(nameOf(key));
  if (originalId !== undefined) {
    findings.push({ kind: 'conflictedCopy', originalId });
  }
  addDuplicates(source, summary, findings);
  if (!source.relations.isEmpty) {
    addBrokenRelations(source, summary, findings);
  }
  const { status } = summary.fields;
  if (status !== undefined && isUnknown(status, source.statuses)) {
    findings.push({ kind: 'unknownStatus', status, known: source.statuses ?? [] });
  }
  return findings;
}

function addDuplicates(source: FindingSource, { key, id, number }: IssueSummary, findings: StoreFinding[]): void {
  const { format, relations } = source;
  const others = summariesOf(source, relations.withId(id)).filter((other) => other.key !== key);
  if (others.length > 0) {
    const owners = [key, ...others.map((other) => other.key)].filter((each) => !format.givesAwayIdOf?.(each));
    findings.push({ kind: 'sharedId', id, others: others.sort(compareIssues), isMeant: owners.length <= 1 });
  }
  for (const other of summariesOf(source, format.keysOfId?.(id) ?? [])) {
    if (other.key !== key) {
      findings.push({ kind: 'bothFolders', other });
    }
  }
  if (number !== undefined && source.sharedNumbers.has(number)) {
    const sameNumber = source.withNumber(number).filter((other) => other.id !== id);
    if (sameNumber.length > 0) {
      findings.push({ kind: 'sharedNumber', number, others: sameNumber });
    }
  }
}

function addBrokenRelations(source: FindingSource, summary: IssueSummary, findings: StoreFinding[]): void {
  const { relations } = source;
  const references = relations.danglingOf(summary);
  if (references.length > 0) {
    findings.push({ kind: 'danglingReference', references });
  }
  for (const [kind, circles] of [
    ['parentCircle', relations.parentCircles],
    ['dependencyCircle', relations.dependencyCircles],
  ] as const) {
    const circle = circles.around(summary.key);
    if (circle.length > 0) {
      findings.push({ kind, others: summariesOf(source, circle.slice(1)) });
    }
  }
}

/** Whether the configuration lists the words for a status, and this one is not among them. Case and white space do not count. */
function isUnknown(status: string, statuses: readonly string[] | undefined): boolean {
  const folded = foldedWord(status);
  return statuses !== undefined && !statuses.some((each) => foldedWord(each) === folded);
}

function foldedWord(word: string): string {
  return word.toLowerCase().replace(/\s+/g, '');
}

function summariesOf(source: Pick<FindingSource, 'get'>, keys: readonly IssueKey[]): IssueSummary[] {
  return keys.flatMap((key) => source.get(key)?.summary ?? []);
}

/** After a larger change than this, going through all issues in slices is simpler than finding out at once whom it concerns. */
const LARGE = 500;

/** True of a change after which all issues are to be checked, instead of those that {@link concernedBy} names. */
export function isLarge({ added, changed, removed }: IssueChange): boolean {
  return added.length + changed.length + removed.length > LARGE;
}

/**
 * The issues whose findings can be others after a change: those in it, and those that one of them has to do with now, or had to before, by its
 * number, its id, its references or a circle. Issues that are not there any more are left out.
 */
export function concernedBy(source: FindingSource, { added, changed, removed }: IssueChange): Map<IssueKey, IssueSummary> {
  const concerned = new Map<IssueKey, IssueSummary>();
  const take = (keys: readonly IssueKey[]) => {
    for (const summary of summariesOf(source, keys)) {
      concerned.set(summary.key, summary);
    }
  };
  const { format, relations } = source;
  const cameOrWent = [...added, ...removed];
  for (const number of new Set(format.writes.renumber ? cameOrWent.map(({ number }) => number) : [])) {
    take(number === undefined ? [] : source.withNumber(number).map(({ key }) => key));
  }
  for (const issue of cameOrWent) {
    take(format.keysOfId?.(issue.id) ?? relations.withId(issue.id));
    take(relations.isEmpty ? [] : relations.referrersOf(issue));
  }
  for (const circles of [relations.parentCircles, relations.dependencyCircles]) {
    // What was found before comes first, because looking anew forgets it.
    for (const { key } of circles.areFound ? [...changed, ...removed] : []) {
      take(circles.lastFoundThrough(key));
    }
    for (const { key } of relations.isEmpty && !circles.areFound ? [] : [...added, ...changed, ...removed]) {
      take(circles.around(key));
    }
  }
  take([...added, ...changed].map(({ key }) => key));
  return concerned;
}
