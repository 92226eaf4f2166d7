import { l10n } from 'vscode';
import { type IssueKey, type IssueRelations, type IssueSummary, isCompleted } from '../core/index.ts';
import { type FieldValues, fieldTexts } from './fieldTexts.ts';
import { issueLabel, type LabelledIssue, stateLabel } from './issueLabels.ts';

/** An issue and the others of its store. */
export interface RelatedIssue {
  readonly source: {
    readonly store: LabelledIssue['source']['store'] & {
      readonly catalogue: {
        readonly relations: IssueRelations;
        get(key: IssueKey): { readonly summary: IssueSummary } | undefined;
      };
    };
  };
  readonly summary: IssueSummary;
}

/** `Blocked` if something unfinished has to be finished before this issue; empty if not, and where the issue's own status is that word. */
export function blockedText({ source, summary }: RelatedIssue): string {
  const isBlocked = !isCompleted(summary) && source.store.catalogue.relations.isWaiting(summary.key);
  const text = l10n.t('Blocked');
  return isBlocked && summary.fields.status?.toLowerCase() !== text.toLowerCase() ? text : '';
}

/**
 * The fields of an issue in words, as {@link fieldTexts}, with the titles of the issues that it has to do with, whichever of the two says so. A
 * reference that leads nowhere is told as it is written.
 */
export function relatedFieldTexts(issue: RelatedIssue): [name: string, text: string][] {
  const { source, summary } = issue;
  const { relations } = source.store.catalogue;
  const { fields, key } = summary;
  const named = (refs: readonly string[] = [], others: readonly IssueKey[] = []) => {
    const targets = refs.map((ref) => ({ ref, keys: relations.targetsOf(summary, ref) }));
    const keys = new Set([...targets.flatMap((target) => target.keys), ...others]);
    const labels = [...keys].map((each) => otherLabel(issue, each)).filter((label) => label !== undefined);
    const dangling = targets.filter((target) => target.keys.length === 0).map(({ ref }) => ref);
    return labels.length + dangling.length === 0 ? undefined : [...labels, ...dangling];
  };
  const values: FieldValues = {
    ...fields,
    parent: fields.parent && named([fields.parent])?.join(', '),
    dependencies: named(fields.dependencies, relations.dependenciesOf(key)),
    blocks: named(fields.blocks, relations.dependentsOf(key)),
    links: named(fields.links),
  };
  const children = relations.childrenOf(key).flatMap((each) => source.store.catalogue.get(each)?.summary ?? []);
  const done = children.filter(isCompleted).length;
  const childrenText: [string, string] = [l10n.t('Sub-issues'), l10n.t('{0} of {1} completed', done, children.length)];
  return [...fieldTexts(values), ...(children.length === 0 ? [] : [childrenText])];
}

function otherLabel({ source }: RelatedIssue, key: IssueKey): string | undefined {
  const summary = source.store.catalogue.get(key)?.summary;
  if (summary === undefined) {
    return undefined;
  }
  const label = issueLabel({ source, summary });
  return summary.state === 'open' ? label : l10n.t('{0} ({1})', label, stateLabel(summary.state));
}
