import { l10n, ThemeIcon, window } from 'vscode';
import type { Logger } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import { openIssueFile } from '../editors/openEditors.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { IssueFilter } from '../tree/issueFilter.ts';
import type { CommandActions } from './commandRunner.ts';
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
    [commandIds.filterIssues]: async () => askForFilter(filter),
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

/** An input that filters while one types. However it is left, the filter stays until it is cleared. */
function askForFilter(filter: IssueFilter): void {
  const input = window.createInputBox();
  const clear = { iconPath: new ThemeIcon('clear-all'), tooltip: l10n.t('Clear Filter') };
  input.title = l10n.t('Filter Issues');
  input.placeholder = l10n.t('Filter by ID, title, status, label or another field');
  input.prompt = l10n.t('The filter stays until you clear it.');
  input.value = filter.text;
  input.buttons = [clear];
  input.onDidChangeValue((value) => filter.set(value));
  input.onDidTriggerButton(() => {
    filter.set('');
    input.hide();
  });
  input.onDidAccept(() => input.hide());
  input.onDidHide(() => input.dispose());
  input.show();
}
