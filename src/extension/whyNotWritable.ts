import { l10n } from 'vscode';
import type { FormatWrites, IssueStore } from '../core/index.ts';

/** What a command can do to an issue's file. */
export type WriteKind = Exclude<keyof FormatWrites, 'fields'>;

/** What is asked whether an issue can be written. */
export type WritableStore = { readonly format: Pick<IssueStore['format'], 'label' | 'writes'> };

/** Those that concern an issue that is there already. */
const ON_ISSUES: readonly WriteKind[] = ['complete', 'reopen', 'rename', 'renumber', 'delete'];

/** Why this cannot be done in this store, with the way out; undefined if it can. It is the only place that decides. */
export function whyNotWritable({ format: { label, writes } }: WritableStore, kind: WriteKind): string | undefined {
  return writes[kind] ? undefined : refusal(label, kind);
}

function refusal(label: string, kind: WriteKind): string {
  switch (kind) {
    case 'create':
      return l10n.t('{0} issues cannot be created from here yet. Add the file yourself.', label);
    case 'complete':
      return l10n.t('{0} issues cannot be completed from here yet. Edit the file instead.', label);
    case 'reopen':
      return l10n.t('{0} issues cannot be reopened from here yet. Edit the file instead.', label);
    case 'rename':
      return l10n.t('{0} issues cannot be renamed from here yet. Edit the file instead.', label);
    case 'renumber':
      return l10n.t('{0} issues cannot be renumbered from here yet. Edit the file instead.', label);
    case 'delete':
      return l10n.t('{0} issues cannot be deleted from here yet. Delete the file in the Explorer.', label);
    case 'tick':
      return l10n.t('Tasks of {0} issues cannot be ticked from here yet. Edit the file instead.', label);
  }
}

/** Why nothing but tasks can be changed in any of its issues; undefined if something can be done. */
export function whyReadOnly(store: WritableStore): string | undefined {
  const isReadOnly = ON_ISSUES.every((kind) => whyNotWritable(store, kind) !== undefined);
  if (!isReadOnly) {
    return undefined;
  }
  return store.format.writes.tick
    ? l10n.t('Only the tasks of {0} issues can be changed from here yet. Edit the file instead.', store.format.label)
    : l10n.t('{0} issues cannot be changed from here yet. Edit the file instead.', store.format.label);
}

/** What menus go by, behind the kind of row: `no-complete` where an issue cannot be completed, and so on. */
export function writabilityParts(store: WritableStore, kinds: readonly WriteKind[] = ON_ISSUES): string[] {
  return kinds.filter((kind) => whyNotWritable(store, kind) !== undefined).map((kind) => `no-${kind}`);
}
