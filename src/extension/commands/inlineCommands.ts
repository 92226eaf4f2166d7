import { commandIds } from '../commandIds.ts';
import type { ClickGuard } from './clickGuard.ts';
import type { CommandAction, CommandActions } from './commandRunner.ts';

export interface InlineCommandDeps {
  /** Shared by all buttons, because the row under the pointer after the first click may have a different one. */
  readonly inlineClicks: ClickGuard;
}

/**
 * The buttons in the rows of the tree. They are separate commands, because their row disappears and the next one moves under the pointer:
 * the second click of a double click would hit the wrong issue.
 */
export function inlineCommands(
  { inlineClicks }: InlineCommandDeps,
  actions: Readonly<Record<'completeIssue' | 'reopenIssue', CommandAction>>,
) {
  return {
    [commandIds.completeIssueInline]: (...args) => inlineClicks.click(() => actions.completeIssue(...args)),
    [commandIds.reopenIssueInline]: (...args) => inlineClicks.click(() => actions.reopenIssue(...args)),
  } satisfies Partial<CommandActions>;
}
