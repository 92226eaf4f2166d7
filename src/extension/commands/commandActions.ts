import { mendingCommands } from '../doctor/mendingCommands.ts';
import { renumberCommands } from '../doctor/renumberCommands.ts';
import { type BatchCommandDeps, batchCommands } from './batchCommands.ts';
import type { CommandActions } from './commandRunner.ts';
import { type IssueCommandDeps, issueCommands } from './issueCommands.ts';
import { type SearchCommandDeps, searchCommands } from './searchCommands.ts';
import { type StoreCommandDeps, storeCommands } from './storeCommands.ts';
import { undoCommands } from './undoCommand.ts';

export interface CommandDeps extends IssueCommandDeps, BatchCommandDeps, SearchCommandDeps, StoreCommandDeps {}

/** What all commands do. It is loaded when the first of them is called. */
export function commandActions(deps: CommandDeps): CommandActions {
  return {
    ...issueCommands(deps),
    ...batchCommands(deps),
    ...searchCommands(deps),
    ...storeCommands(deps),
    ...undoCommands(deps),
    ...renumberCommands(deps),
    ...mendingCommands(deps),
  };
}
