import { basename } from 'node:path';
import { CodeAction, CodeActionKind, type Command, type Diagnostic, l10n, type TextDocument, type Uri, workspace } from 'vscode';
import { folderOf, type IssueKey, type IssueSummary, joined, nameOf, originalOfCopy } from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import type { IssueTarget } from '../commands/issueTargets.ts';
import { duplicatesOf, FINDING_CODES, storePath } from '../findingTexts.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import { whyReadOnly } from '../whyNotWritable.ts';
import { comparison } from './mendingCommands.ts';

/** The most duplicates that quick fixes offer to compare with. */
const COMPARE_LIMIT = 5;

/** The quick fixes of a problem, the best one first. Only those that write nothing where nothing can be written. */
export function fixesOf(stores: WorkspaceStores, { uri }: TextDocument, diagnostic: Diagnostic): CodeAction[] {
  const readOnly: Command[] = [];
  const writing: Command[] = [];
  const issue = stores.issueOf(uri);
  const others = issue === undefined ? [] : duplicatesOf(issue.source.store.catalogue, issue.summary);
  const compare = (other: IssueSummary) => (issue === undefined ? [] : [compareCommand(uri, { ...issue, summary: other })]);
  const remove = { command: commandIds.deleteIssue, title: l10n.t('Delete {0}', basename(uri.fsPath)), arguments: [uri] };
  switch (diagnostic.code) {
    case FINDING_CODES.sharedNumber:
      writing.push({ command: commandIds.renumberIssue, title: l10n.t('Renumber to the Next Free Number...'), arguments: [uri] });
      readOnly.push(
        ...others
          .filter(({ id }) => id !== issue?.summary.id)
          .slice(0, COMPARE_LIMIT)
          .flatMap(compare),
      );
      writing.push({ command: commandIds.repairDuplicates, title: l10n.t('Repair All Duplicates...'), arguments: [uri] });
      break;
    case FINDING_CODES.bothFolders:
      readOnly.push(...others.filter(({ id }) => id === issue?.summary.id).flatMap(compare));
      writing.push({ command: commandIds.renameIssue, title: l10n.t('Rename This One...'), arguments: [uri] }, remove);
      break;
    case FINDING_CODES.sharedId:
      readOnly.push(...others.slice(0, COMPARE_LIMIT).flatMap(compare));
      break;
    case FINDING_CODES.conflictedCopy:
      readOnly.push(...originalOf(issue).flatMap(compare));
      writing.push(remove);
      break;
    case FINDING_CODES.notText:
      readOnly.push({ command: commandIds.reopenWithEncoding, title: l10n.t('Reopen with Encoding...'), arguments: [uri] });
      writing.push(remove);
      break;
    case FINDING_CODES.tooLarge:
    case FINDING_CODES.unreadable:
    case FINDING_CODES.symbolicLink:
      readOnly.push({ command: 'revealInExplorer', title: l10n.t('Reveal in Explorer View'), arguments: [uri] });
      writing.push(remove);
      break;
    case FINDING_CODES.strayFile:
      writing.push({ command: commandIds.moveIntoStore, title: l10n.t('Move into the Issue Store'), arguments: [uri] });
      break;
  }
  const isWritable = workspace.isTrusted && (issue === undefined || whyReadOnly(issue.source.store) === undefined);
  const offered = isWritable ? [...writing.slice(0, 1), ...readOnly, ...writing.slice(1)] : readOnly;
  return offered.map((command, index) => {
    const action = new CodeAction(command.title, CodeActionKind.QuickFix);
    action.command = command;
    action.diagnostics = [diagnostic];
    action.isPreferred = index === 0 && diagnostic.code === FINDING_CODES.sharedNumber;
    return action;
  });
}

/** The issue that a sync program copied, if it exists. */
function originalOf(issue: ReturnType<WorkspaceStores['issueOf']>): IssueSummary[] {
  if (issue === undefined) {
    return [];
  }
  const { key } = issue.summary;
  const id = originalOfCopy(nameOf(key));
  const exact = joined(folderOf(key), id ?? '') as IssueKey;
  const original = id === undefined ? undefined : issue.source.store.catalogue.resolve({ exact, id, label: id });
  return original === undefined ? [] : [original];
}

function compareCommand(uri: Uri, other: IssueTarget): Command {
  const { command, arguments: operands } = comparison(uri.fsPath, other);
  return { command, title: l10n.t('Compare with {0}', storePath(other.summary)), arguments: [...operands] };
}
