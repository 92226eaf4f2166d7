import { basename } from 'node:path';
import { CodeAction, CodeActionKind, type Command, type Diagnostic, l10n, type TextDocument, type Uri, workspace } from 'vscode';
import type { IssueSummary } from '../../core/issue/issue.ts';
import { originalOfCopy } from '../../core/issue/issueFileName.ts';
import { commandIds } from '../commandIds.ts';
import type { IssueTarget } from '../commands/issueTargets.ts';
import { duplicatesOf, FINDING_CODES, storePath } from '../findingTexts.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { comparison } from './mendingCommands.ts';

/** How many of the others one is offered to compare with. */
const COMPARED = 5;

/** The ways out of one problem of ours, the best one first; where nothing may be written, those that only look. */
export function fixesOf(stores: WorkspaceStores, { uri }: TextDocument, diagnostic: Diagnostic): CodeAction[] {
  const looking: Command[] = [];
  const writing: Command[] = [];
  const issue = stores.issueOf(uri);
  const others = issue === undefined ? [] : duplicatesOf(issue.source.store.catalogue, issue.summary);
  const compare = (other: IssueSummary) => (issue === undefined ? [] : [compareCommand(uri, { ...issue, summary: other })]);
  const remove = { command: commandIds.deleteIssue, title: l10n.t('Delete {0}', basename(uri.fsPath)), arguments: [uri] };
  switch (diagnostic.code) {
    case FINDING_CODES.sharedNumber:
      writing.push({ command: commandIds.renumberIssue, title: l10n.t('Renumber to the Next Free Number...'), arguments: [uri] });
      looking.push(
        ...others
          .filter(({ id }) => id !== issue?.summary.id)
          .slice(0, COMPARED)
          .flatMap(compare),
      );
      writing.push({ command: commandIds.repairDuplicates, title: l10n.t('Repair All Duplicates...'), arguments: [uri] });
      break;
    case FINDING_CODES.bothFolders:
      looking.push(...others.filter(({ id }) => id === issue?.summary.id).flatMap(compare));
      writing.push({ command: commandIds.renameIssue, title: l10n.t('Rename This One...'), arguments: [uri] }, remove);
      break;
    case FINDING_CODES.conflictedCopy:
      looking.push(...originalOf(issue).flatMap(compare));
      writing.push(remove);
      break;
    case FINDING_CODES.notText:
      looking.push({ command: commandIds.reopenWithEncoding, title: l10n.t('Reopen with Encoding...'), arguments: [uri] });
      writing.push(remove);
      break;
    case FINDING_CODES.tooLarge:
    case FINDING_CODES.unreadable:
    case FINDING_CODES.symbolicLink:
      looking.push({ command: 'revealInExplorer', title: l10n.t('Reveal in Explorer View'), arguments: [uri] });
      writing.push(remove);
      break;
    case FINDING_CODES.strayFile:
      writing.push({ command: commandIds.moveIntoStore, title: l10n.t('Move into the Issue Store'), arguments: [uri] });
      break;
  }
  const offered = workspace.isTrusted ? [...writing.slice(0, 1), ...looking, ...writing.slice(1)] : looking;
  return offered.map((command, index) => {
    const action = new CodeAction(command.title, CodeActionKind.QuickFix);
    action.command = command;
    action.diagnostics = [diagnostic];
    action.isPreferred = index === 0 && diagnostic.code === FINDING_CODES.sharedNumber;
    return action;
  });
}

/** What a sync program has copied, if it is there. */
function originalOf(issue: ReturnType<WorkspaceStores['issueOf']>): IssueSummary[] {
  const originalId = issue === undefined ? undefined : originalOfCopy(issue.summary.id);
  const original = originalId === undefined ? undefined : issue?.source.store.catalogue.resolve({ id: originalId, label: originalId });
  return original === undefined ? [] : [original];
}

function compareCommand(uri: Uri, other: IssueTarget): Command {
  const { command, arguments: operands } = comparison(uri.fsPath, other);
  return { command, title: l10n.t('Compare with {0}', storePath(other.summary)), arguments: [...operands] };
}
