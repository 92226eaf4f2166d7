import { l10n, ProgressLocation, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import {
  ISSUE_EXTENSION,
  type Issue,
  type IssueStore,
  type IssueSummary,
  loadReferenceSearch,
  renumberedId,
  type SurveyedMention,
  type SurveySource,
  versionOf,
} from '../../core/index.ts';
import { bytesOf } from '../editors/documentBytes.ts';
import type { UnsavedIssues } from '../editors/unsavedIssues.ts';
import { storePath } from '../findingTexts.ts';
import { withoutIcons } from '../inertText.ts';

/** A proposed change that the user can check or uncheck. */
export interface ChangePick extends QuickPickItem {
  readonly move?: IssueSummary;
  readonly mention?: SurveyedMention;
}

/** The store with unsaved text in place of the text on disk. Saves nothing. */
function withUnsaved(store: IssueStore, unsaved: UnsavedIssues): SurveySource {
  const summaries = new Map(store.catalogue.summaries().map((summary) => [store.filePathOf(summary), summary]));
  const drafts = new Map(unsaved.of([...summaries.keys()]).map((document) => [document.uri.fsPath, document]));
  const withDraft = async (issue: Issue): Promise<Issue> => {
    const document = drafts.get(store.filePathOf(issue));
    if (document === undefined) {
      return issue;
    }
    const bytes = await bytesOf(document);
    return { ...issue, content: bytes.toString('utf8'), version: versionOf(bytes) };
  };
  const issues = store.for('commands');
  return {
    catalogue: store.catalogue,
    getIssue: async (ref) => withDraft(await issues.getIssue(ref)),
    getIssues: async (refs) => Promise.all((await issues.getIssues(refs)).map(withDraft)),
  };
}

/** Searches every issue for mentions, with a progress notification. @returns undefined if the user cancels. */
export async function surveyWithProgress(
  store: IssueStore,
  moves: readonly IssueSummary[],
  unsaved: UnsavedIssues,
): Promise<SurveyedMention[] | undefined> {
  const source = withUnsaved(store, unsaved);
  const options = { location: ProgressLocation.Notification, cancellable: true, title: l10n.t('Looking for references…') };
  return window.withProgress(options, async (progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => cancel.abort());
    let reported = 0;
    const onProgress = (done: number, total: number) => {
      progress.report({ increment: (100 * (done - reported)) / total });
      reported = done;
    };
    try {
      const { searchReferences } = await loadReferenceSearch();
      return await searchReferences(source, moves, { signal: cancel.signal, onProgress });
    } catch (error) {
      if (cancel.signal.aborted) {
        return undefined;
      }
      throw error;
    }
  });
}

/** @param number the expected number. Another process may take it first. */
export function movePick(move: IssueSummary, number: number, description: string): ChangePick {
  const label = `${storePath(move)} → ${renumberedId(move.id, number)}${ISSUE_EXTENSION}`;
  return { label: withoutIcons(label), description, picked: true, move };
}

/** A mention that may also mean another issue starts unchecked and names that issue. */
export function mentionPick(mention: SurveyedMention): ChangePick {
  const { within, line, text, alternatives } = mention;
  const doubt =
    alternatives.length === 0 ? {} : { detail: withoutIcons(l10n.t('May also mean {0}', alternatives.map(storePath).join(', '))) };
  return {
    label: withoutIcons(`${storePath(within)}:${line + 1}`),
    description: withoutIcons(text),
    ...doubt,
    picked: alternatives.length === 0,
    mention,
  };
}

export function separator(label: string): ChangePick {
  return { label, kind: QuickPickItemKind.Separator };
}

/** Lets the user choose among the proposed changes. @returns undefined if the user dismisses the list. */
export async function pickChanges(
  picks: readonly ChangePick[],
  title: string,
  placeHolder: string,
): Promise<readonly ChangePick[] | undefined> {
  return window.showQuickPick(picks, { canPickMany: true, ignoreFocusOut: true, matchOnDescription: true, title, placeHolder });
}
