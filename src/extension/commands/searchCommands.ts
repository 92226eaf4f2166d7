import { l10n } from 'vscode';
import { type Logger, loadFilterLanguage } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { openIssueFile } from '../editors/openEditors.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { IssueFilter } from '../tree/issueFilter.ts';
import type { CommandActions } from './commandRunner.ts';
import { showFilterQuickPick } from './filterQuickPick.ts';
import { type IssueQuickPickOptions, showIssueQuickPick } from './issueQuickPick.ts';

export interface SearchCommandDeps {
  readonly stores: WorkspaceStores;
  readonly filter: IssueFilter;
  readonly logger: Logger;
}

/** Commands that find issues: go to one, search in titles and texts, filter the tree. */
export function searchCommands({ stores, filter, logger }: SearchCommandDeps) {
  const onError = (error: unknown) => logger.error(error instanceof Error ? error : String(error));
  const anyIssue = { stores, isFor: () => true, onError };
  return {
    [commandIds.goToIssue]: () =>
      openPicked({ ...anyIssue, placeholder: l10n.t('Go to an issue by its ID, title, label or another field'), searchesTexts: false }),
    [commandIds.searchIssues]: () =>
      openPicked({ ...anyIssue, placeholder: l10n.t('Search issues by ID, title, field or text'), searchesTexts: true }),
    [commandIds.filterIssues]: async () => showFilterQuickPick(await loadFilterLanguage(), { stores, filter, onError }),
    [commandIds.clearFilter]: async () => filter.set(''),
  } satisfies Partial<CommandActions>;
}

async function openPicked(options: IssueQuickPickOptions & { readonly stores: WorkspaceStores }): Promise<void> {
  await options.stores.whenOpened();
  const picked = await showIssueQuickPick(options);
  if (picked !== undefined) {
    await openIssueFile(picked.source.store.filePathOf(picked.summary), { place: picked.place });
  }
}
