import { commandIds } from './commandIds.ts';
import { type ArrangeCommandDeps, arrangeCommands } from './commands/arrangeCommands.ts';
import { type BatchCommandDeps, batchCommands } from './commands/batchCommands.ts';
import type { CommandActions } from './commands/commandRunner.ts';
import { type InlineCommandDeps, inlineCommands } from './commands/inlineCommands.ts';
import { type IssueCommandDeps, issueCommands } from './commands/issueCommands.ts';
import { type SearchCommandDeps, searchCommands } from './commands/searchCommands.ts';
import { type StoreCommandDeps, storeCommands } from './commands/storeCommands.ts';
import { type TaskCommandDeps, taskCommands } from './commands/taskCommands.ts';
import { undoCommands } from './commands/undoCommand.ts';
import { mendingCommands } from './diagnostics/mendingCommands.ts';
import { renumberCommands } from './diagnostics/renumberCommands.ts';

export interface CommandDeps
  extends IssueCommandDeps,
    BatchCommandDeps,
    InlineCommandDeps,
    SearchCommandDeps,
    ArrangeCommandDeps,
    StoreCommandDeps,
    TaskCommandDeps {}

/** What all commands do. It is loaded when the first of them is called. */
export function commandActions(deps: CommandDeps): CommandActions {
  const batch = batchCommands(deps);
  return {
    ...issueCommands(deps),
    ...batch,
    ...inlineCommands(deps, {
      completeIssue: batch[commandIds.completeIssue],
      reopenIssue: batch[commandIds.reopenIssue],
    }),
    ...taskCommands(deps),
    ...searchCommands(deps),
    ...arrangeCommands(deps),
    ...storeCommands(deps),
    ...undoCommands(deps),
    ...renumberCommands(deps),
    ...mendingCommands(deps),
  };
}
