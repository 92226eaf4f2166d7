import { assertDefined } from '../../assertDefined.ts';
import type { IssueKey } from '../../issue/issue.ts';
import { ConflictError, IssueError } from '../../issue/issueErrors.ts';
import { ISSUE_EXTENSION, parseIssueId, renumberedId } from '../../issue/issueFileName.ts';
import { idOfKey, keyWithId } from '../../issue/storeLayout.ts';
import type { MentionChange } from '../../markdown/issueMentions.ts';
import type { StoredIssue } from '../issueFile.ts';
import type { MentionRewrite } from '../issueRenumbering.ts';
import type { ReversibleStep } from './reversibleSteps.ts';

/** What becomes of one file in a renumbering: it moves, its text changes, or both. */
export interface RenumberChange {
  readonly from: IssueKey;
  readonly to: IssueKey;
  readonly rewrite: MentionRewrite | undefined;
  /** The mentions of {@link rewrite} with the numbers that they get. */
  readonly changes: readonly MentionChange[];
}

/** One change for each file, however many parts of the renumbering it has. All arrays are in the order of the request. */
export function renumberChanges(request: {
  readonly moved: readonly IssueKey[];
  readonly rewritten: readonly IssueKey[];
  readonly rewrites: readonly MentionRewrite[];
  /** One for each that moves. */
  readonly numbers: readonly number[];
}): RenumberChange[] {
  const { moved, rewritten, rewrites, numbers } = request;
  const targets = new Map(moved.map((key, index) => [key, renumberedKey(key, assertDefined(numbers[index]))]));
  const rewriteOf = new Map(rewritten.map((key, index) => [key, rewrites[index]]));
  return [...new Set([...moved, ...rewritten])].map((from) => {
    const rewrite = rewriteOf.get(from);
    const changes = (rewrite?.mentions ?? []).map(({ start, digits, move }) => ({ start, digits, to: assertDefined(numbers[move]) }));
    return { from, to: targets.get(from) ?? from, rewrite, changes };
  });
}

/**
 * Rewrites a file and then moves it, as one step: the move is planned on what the rewriting has left. Taking it back moves the file home
 * and restores its text, and refuses where somebody has written to it at any time since it was rewritten.
 */
export function rewriteAndMoveStep(
  rewrite: ReversibleStep<StoredIssue>,
  planMove: () => Promise<ReversibleStep<StoredIssue>>,
): ReversibleStep<StoredIssue> {
  let isRewritten = false;
  let move: ReversibleStep<StoredIssue> | undefined;
  let conflict: ConflictError | undefined;
  return {
    get filePath() {
      return (move ?? rewrite).filePath;
    },
    run: async () => {
      const rewritten = await rewrite.run();
      isRewritten = true;
      const planned = await planMove();
      const moved = await planned.run();
      move = planned;
      if (moved.issue.version !== rewritten.issue.version) {
        conflict = new ConflictError(planned.filePath, 'was changed while it was renumbered', 'It was left as it is.');
      }
      return moved;
    },
    isHalfDone: () => isRewritten,
    checkUndo: async () => {
      if (conflict !== undefined) {
        throw conflict;
      }
      await (move ?? rewrite).checkUndo();
    },
    undo: async () => {
      await move?.undo();
      // From here on only the text is left to be taken back.
      move = undefined;
      await rewrite.undo();
    },
  };
}

function renumberedKey(key: IssueKey, number: number): IssueKey {
  const id = idOfKey(key);
  if (parseIssueId(id).number === undefined) {
    throw new IssueError('invalidName', `${key}${ISSUE_EXTENSION} has no number that could be another one. Rename it instead.`);
  }
  return keyWithId(key, renumberedId(id, number));
}
