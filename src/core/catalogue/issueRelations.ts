import type { StoreFormat } from '../formats/storeFormat.ts';
import type { IssueKey, IssueSummary, OrderedIssue } from '../issue/issue.ts';
import { parseIssueRef } from '../issue/issueRef.ts';
import { isCompleted } from '../issue/issueState.ts';
import { IssueCircles } from './issueCircles.ts';
import { KeysByName } from './keysByName.ts';

/** What relations are made from. */
export interface RelatedIssues {
  get(key: IssueKey): IssueSummary | undefined;
  /** The issues that a reference means. Asked only where the format says where the file of an id is. */
  meaningsOf(ref: string): readonly IssueKey[];
}

/** What the fields of issues that refer to others are called. */
export type RelationName = 'parent' | 'dependency' | 'blocks';

export interface IssueReference {
  readonly relation: RelationName;
  /** As it is written. */
  readonly ref: string;
}

/**
 * Which issues refer to which: parents, and what has to be finished before what. Kept in both directions, so that every question costs what
 * the answer has, however large the store is. An id that several issues have means each of them.
 */
export class IssueRelations {
  readonly #format: StoreFormat;
  readonly #issues: RelatedIssues;
  /** The issues with each name; empty where the format says where the file of an id is. */
  readonly #ids = new KeysByName();
  /** The issues that refer to each name. */
  readonly #referrers: Readonly<Record<RelationName, KeysByName>> = {
    parent: new KeysByName(),
    dependency: new KeysByName(),
    blocks: new KeysByName(),
  };
  /** Issues that are, by way of others, their own parents. */
  readonly parentCircles = new IssueCircles({ next: (key) => this.parentsOf(key), previous: (key) => this.childrenOf(key) });
  /** Issues that have to wait, by way of others, for themselves. */
  readonly dependencyCircles = new IssueCircles({ next: (key) => this.dependenciesOf(key), previous: (key) => this.dependentsOf(key) });

  constructor(format: StoreFormat, issues: RelatedIssues) {
    this.#format = format;
    this.#issues = issues;
  }

  /** True if no issue refers to another. */
  get isEmpty(): boolean {
    return Object.values(this.#referrers).every((referrers) => referrers.isEmpty);
  }

  /** Every issue with an id that the format takes for the same, in no order. None where the format says where the file of an id is. */
  withId(id: string): readonly IssueKey[] {
    return this.#ids.of(this.#format.foldId(id));
  }

  /** The issues that name this one in any of their relations, whether it is there or not. In no order. */
  referrersOf(issue: Pick<OrderedIssue, 'id' | 'number'>): readonly IssueKey[] {
    const names = this.#namesOf(issue);
    return [...new Set(Object.values(this.#referrers).flatMap((referrers) => names.flatMap((name) => referrers.of(name))))];
  }

  /** The issues that a reference in this one leads to. */
  targetsOf({ id }: IssueSummary, ref: string): readonly IssueKey[] {
    return this.#format.keysOfId === undefined ? this.#ids.of(this.#format.foldId(ref, id)) : this.#issues.meaningsOf(ref);
  }

  parentsOf(key: IssueKey): readonly IssueKey[] {
    const issue = this.#issues.get(key);
    return issue === undefined ? [] : this.parentsNamedBy(issue);
  }

  /** The same of an issue as it was, or is. */
  parentsNamedBy(issue: IssueSummary): readonly IssueKey[] {
    return issue.fields.parent === undefined ? [] : this.targetsOf(issue, issue.fields.parent);
  }

  childrenOf(key: IssueKey): readonly IssueKey[] {
    return this.#referrersTo('parent', this.#issues.get(key));
  }

  /** The issues that have to be finished before this one, whichever of the two says so. */
  dependenciesOf(key: IssueKey): readonly IssueKey[] {
    const issue = this.#issues.get(key);
    const own = issue?.fields.dependencies?.flatMap((ref) => this.targetsOf(issue, ref)) ?? [];
    return [...new Set([...own, ...this.#referrersTo('blocks', issue)])];
  }

  /** The issues that wait for this one, whichever of the two says so. */
  dependentsOf(key: IssueKey): readonly IssueKey[] {
    const issue = this.#issues.get(key);
    const own = issue?.fields.blocks?.flatMap((ref) => this.targetsOf(issue, ref)) ?? [];
    return [...new Set([...own, ...this.#referrersTo('dependency', issue)])];
  }

  /** True if something that is not completed has to be finished before this one. */
  isWaiting(key: IssueKey): boolean {
    return this.dependenciesOf(key).some((each) => {
      const before = this.#issues.get(each);
      return before !== undefined && !isCompleted(before);
    });
  }

  /** The issues that this one names as finished before it or waiting for it, whether it is still there or not. May name one twice. */
  namedBy(issue: IssueSummary): readonly IssueKey[] {
    const { dependencies, blocks } = issue.fields;
    return [...(dependencies ?? []), ...(blocks ?? [])].flatMap((ref) => this.targetsOf(issue, ref));
  }

  /** The references of an issue that should lead to another one of the store and do not. */
  danglingOf(issue: IssueSummary): readonly IssueReference[] {
    const isHere = ({ relation }: IssueReference) => relation !== 'parent' || !this.#format.hasParentsElsewhere;
    return referencesOf(issue).filter((reference) => isHere(reference) && this.targetsOf(issue, reference.ref).length === 0);
  }

  /** To be called when an issue is there now or has changed. @param before what it was */
  put(issue: IssueSummary, before: IssueSummary | undefined): void {
    if (before !== undefined) {
      if (before.fields === issue.fields && before.id === issue.id) {
        return;
      }
      this.remove(before);
    }
    if (this.#format.keysOfId === undefined) {
      this.#ids.add(this.#format.foldId(issue.id), issue.key);
    }
    this.parentCircles.stepsAdded();
    this.dependencyCircles.stepsAdded();
    for (const { relation, ref } of referencesOf(issue)) {
      this.#referrers[relation].add(this.#nameIn(issue, ref), issue.key);
    }
  }

  /** To be called when an issue is not there any more. */
  remove(issue: IssueSummary): void {
    if (this.#format.keysOfId === undefined) {
      this.#ids.remove(this.#format.foldId(issue.id), issue.key);
    }
    for (const { relation, ref } of referencesOf(issue)) {
      this.#referrers[relation].remove(this.#nameIn(issue, ref), issue.key);
    }
  }

  #referrersTo(relation: RelationName, issue: IssueSummary | undefined): readonly IssueKey[] {
    return issue === undefined ? [] : this.#namesOf(issue).flatMap((name) => this.#referrers[relation].of(name));
  }

  /** One string for all spellings of a reference in this issue. */
  #nameIn({ id }: Pick<OrderedIssue, 'id'>, ref: string): string {
    return this.#format.keysOfId === undefined ? this.#format.foldId(ref, id) : nameInOurs(ref);
  }

  /** What references to this issue can be. */
  #namesOf({ id, number }: Pick<OrderedIssue, 'id' | 'number'>): readonly string[] {
    if (this.#format.keysOfId === undefined) {
      return [this.#format.foldId(id)];
    }
    return number === undefined ? [nameInOurs(id)] : [nameInOurs(id), nameInOurs(`#${number}`)];
  }
}

/** In a format in which people name an issue by its number, too. */
function nameInOurs(ref: string): string {
  const { exact, id, number, label } = parseIssueRef(ref);
  return number === undefined ? (id ?? exact ?? label) : String(number);
}

const NO_REFERENCES: readonly IssueReference[] = [];

function referencesOf({ fields: { parent, dependencies, blocks } }: IssueSummary): readonly IssueReference[] {
  if (parent === undefined && dependencies === undefined && blocks === undefined) {
    return NO_REFERENCES;
  }
  const of = (relation: RelationName, refs: readonly string[] = []) => refs.map((ref) => ({ relation, ref }));
  return [...of('parent', parent === undefined ? [] : [parent]), ...of('dependency', dependencies), ...of('blocks', blocks)];
}
