import { mendingCommands } from '../doctor/mendingCommands.ts';
import { renumberCommands } from '../doctor/renumberCommands.ts';
import { type BatchCommandDeps, batchCommands } from './batchCommands.ts';
import { commandIds } from './commandIds.ts';
import type { CommandActions } from './commandRunner.ts';
import { type InlineCommandDeps, inlineCommands } from './inlineCommands.ts';
import { type IssueCommandDeps, issueCommands } from './issueCommands.ts';
import { type SearchCommandDeps, searchCommands } from './searchCommands.ts';
import { type StoreCommandDeps, storeCommands } from './storeCommands.ts';
import { undoCommands } from './undoCommand.ts';

export interface CommandDeps extends IssueCommandDeps, BatchCommandDeps, InlineCommandDeps, SearchCommandDeps, StoreCommandDeps {}

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
    ...searchCommands(deps),
    ...storeCommands(deps),
    ...undoCommands(deps),
    ...renumberCommands(deps),
    ...mendingCommands(deps),
  };
}
