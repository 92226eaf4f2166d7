import { commandIds } from '../commandIds.ts';
import type { ClickGuard } from './clickGuard.ts';
import type { CommandAction, CommandActions } from './commandRunner.ts';

export interface InlineCommandDeps {
  /** One for all buttons and all calls: what comes under the pointer after the first click may have another button. */
  readonly inlineClicks: ClickGuard;
}

/**
 * The buttons in the rows of the tree. They are commands of their own, because the row under them goes and the next one slides under the
 * pointer: the second click of a double click would be about an issue that nobody meant.
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
