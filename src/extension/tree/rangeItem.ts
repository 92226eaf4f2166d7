import { l10n, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { IssueSummary } from '../../core/index.ts';
import { countLabel } from '../issueLabels.ts';
import type { RangeNode } from './issueNodes.ts';

/** What the tree shows of a range. */
export interface RangeView {
  readonly count: number;
  /** Undefined, as is {@link last}, in a range that has just lost all its issues. */
  readonly first: IssueSummary | undefined;
  readonly last: IssueSummary | undefined;
  /** Whether it is unfolded when it is shown for the first time. */
  readonly isExpanded: boolean;
  readonly isFiltered: boolean;
  /** See {@link groupId}. */
  readonly groupId: string;
}

/** Most characters of an id in a label, so that both ends of the range can be seen. */
const ID_LENGTH = 24;

/** `#501 – #1000`, as people write the ids, or with the ids that files have. */
export function rangeItem({ source, range }: RangeNode, { count, first, last, isExpanded, isFiltered, groupId }: RangeView): TreeItem {
  const label = first === undefined || last === undefined ? '' : l10n.t('{0} – {1}', endLabel(source, first), endLabel(source, last));
  const item = new TreeItem(label, isExpanded ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed);
  item.id = `${source.id}#${groupId}#range#${range.id}${isFiltered ? '#filtered' : ''}`;
  item.description = countLabel(count);
  item.contextValue = 'range';
  // Without it the tooltip would be read out.
  item.accessibilityInformation = { label: l10n.t('Issues {0}, {1}', label, count) };
  return item;
}

function endLabel({ store }: RangeNode['source'], issue: IssueSummary): string {
  const label = store.format.labelOf(issue) ?? issue.id;
  return label.length <= ID_LENGTH ? label : `${label.slice(0, ID_LENGTH).toWellFormed()}…`;
}
