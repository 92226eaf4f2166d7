import { CancellationError, commands, l10n, Uri, window, workspace } from 'vscode';
import { type Disposable, IssueError, type Logger, messageOf } from '../../core/index.ts';
import { type CommandId, commandIds, WRITING_COMMANDS } from '../commandIds.ts';
import { DisposableList } from '../disposableList.ts';
import type { IssueEditors } from '../editors/issueEditors.ts';
import { withoutLinks } from '../inertText.ts';
import { type IssueTreeNode, isIssueTreeNode } from '../tree/issueNodes.ts';
import { LeftChangedError } from './leftChangedError.ts';

/** What a command does; the arguments are whatever VS Code or another extension hands over. */
export type CommandAction = (...args: readonly unknown[]) => Promise<unknown>;

/** What every command does. */
export type CommandActions = Readonly<Record<CommandId, CommandAction>>;

export interface CommandRunnerDeps {
  readonly editors: Pick<IssueEditors, 'focusesEditor'>;
  readonly logger: Logger;
  /** Told of each row of the tree that a command is called on. */
  readonly onRow: (row: IssueTreeNode) => void;
  /** Told when a command has ended, with or without success. */
  readonly onEnd: () => void;
}

/**
 * Registers every command, so that none fails in silence: what a person can mend is shown as its message, anything else is logged
 * with its stack and pointed to. A command that its user has called off ends without a word. In an
 * untrusted workspace the commands that write are refused, whoever calls them.
 *
 * @param load is asked at each call, so that what commands do need not be loaded before one is called.
 */
export function registerCommands(load: () => Promise<CommandActions>, { editors, logger, onRow, onEnd }: CommandRunnerDeps): Disposable {
  const lifetime = new DisposableList((error) => logger.error(String(error)));
  for (const id of Object.values(commandIds)) {
    lifetime.add(
      commands.registerCommand(id, async (...args: unknown[]) => {
        if (WRITING_COMMANDS.has(id) && !workspace.isTrusted) {
          showRefusal(id, logger);
          return undefined;
        }
        // A row of the tree keeps the focus; the palette and quick fixes have taken it from the editor.
        editors.focusesEditor = args.length === 0 || args[0] instanceof Uri;
        if (isIssueTreeNode(args[0])) {
          onRow(args[0]);
        }
        try {
          const actions = await load();
          return await actions[id](...args);
        } catch (error) {
          if (!(error instanceof CancellationError)) {
            showFailure(id, error, logger);
          }
          return undefined;
        } finally {
          onEnd();
        }
      }),
    );
  }
  return lifetime;
}

function showRefusal(id: string, logger: Logger): void {
  logger.warn(`${id}: refused, because the workspace is not trusted.`);
  const manage = l10n.t('Manage Workspace Trust');
  window.showWarningMessage(l10n.t('Issues can be changed only in a trusted workspace.'), manage).then(
    (chosen) => chosen && commands.executeCommand('workbench.trust.manage'),
    (failure: unknown) => logger.error(String(failure)),
  );
}

function showFailure(id: string, error: unknown, logger: Logger): void {
  const isExpected = error instanceof IssueError;
  logger.error(error instanceof Error && !isExpected ? error : `${id}: ${messageOf(error)}`);
  const message = isExpected ? error.message : l10n.t('Command failed: {0}', messageOf(error));
  const wayOut = wayOutOf(error);
  window.showErrorMessage(withoutLinks(message), wayOut.label).then(
    (chosen) => chosen && wayOut.go(),
    (failure: unknown) => logger.error(String(failure)),
  );
}

/** What is offered beside the message of a failure. */
function wayOutOf(error: unknown): { readonly label: string; readonly go: () => Thenable<unknown> } {
  if (error instanceof LeftChangedError) {
    return { label: l10n.t('Undo'), go: error.undo };
  }
  return error instanceof IssueError && STALE.has(error.code)
    ? { label: l10n.t('Refresh'), go: () => commands.executeCommand(commandIds.refresh) }
    : { label: l10n.t('Show Log'), go: () => commands.executeCommand(commandIds.showLog) };
}

/** Failures that come from looking at an older state of the disk. */
const STALE: ReadonlySet<string> = new Set(['notFound', 'conflict', 'exists']);
