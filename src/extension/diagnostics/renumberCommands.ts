import { l10n, window } from 'vscode';
import {
  assertDefined,
  ISSUE_EXTENSION,
  type Issue,
  IssueError,
  IssueNotFoundError,
  type IssueStore,
  type IssueSummary,
  loadReferenceSearch,
  planRepair,
  type SurveyedMention,
} from '../../core/index.ts';
import { commandIds } from '../commandIds.ts';
import type { CommandActions } from '../commands/commandRunner.ts';
import { type IssueTarget, type TargetContext, targetsOf } from '../commands/issueTargets.ts';
import { peekNextNumber } from '../commands/peekNextNumber.ts';
import { inEachStore } from '../commands/storeBatches.ts';
import { offerUndo, type UndoableChange, type UndoDeps } from '../commands/undoCommand.ts';
import { storePath } from '../findingTexts.ts';
import { withoutLinks } from '../inertText.ts';
import { issueLabel } from '../issueLabels.ts';
import type { WorkspaceStore } from '../stores/workspaceStores.ts';
import { whyNotWritable } from '../whyNotWritable.ts';
import { mentionPick, movePick, pickChanges, separator, surveyWithProgress } from './renumberPreview.ts';

export interface RenumberCommandDeps extends TargetContext, UndoDeps {}

/** Commands that renumber issues and update the references to them. */
export function renumberCommands(deps: RenumberCommandDeps) {
  return {
    [commandIds.renumberIssue]: (...args) => renumberIssue(deps, args),
    [commandIds.repairDuplicates]: () => repairDuplicates(deps),
  } satisfies Partial<CommandActions>;
}

async function renumberIssue(deps: RenumberCommandDeps, args: readonly unknown[]): Promise<void> {
  const isFor = ({ number, problem }: IssueSummary) => number !== undefined && problem === undefined;
  const [target] = (await targetsOf(deps, args, { isFor, writes: 'renumber', placeholder: l10n.t('Choose the issue to renumber') })) ?? [];
  if (target === undefined) {
    return;
  }
  const { store } = target.source;
  await store.refresh();
  const issue = store.catalogue.get(target.summary.key)?.summary;
  if (issue === undefined) {
    throw new IssueNotFoundError(target.summary.id);
  }
  const mentions = await surveyWithProgress(store, [issue], deps.unsaved);
  const chosen = mentions && (await pickMentions({ ...target, summary: issue }, peekNextNumber(store), mentions));
  // If the issue keeps its number, its references stay too.
  if (!chosen?.some(({ move }) => move !== undefined)) {
    return;
  }
  const change = await renumber(
    deps,
    store,
    [issue],
    chosen.flatMap(({ mention }) => mention ?? []),
  );
  const { id } = assertDefined(change.issues[0]);
  offerUndo(deps, l10n.t('Renumbered {0} to {1}', storePath(issue), id + ISSUE_EXTENSION), [change]);
}

function pickMentions(target: IssueTarget, number: number, mentions: readonly SurveyedMention[]) {
  const certain = mentions.filter(({ alternatives }) => alternatives.length === 0);
  const doubtful = mentions.filter(({ alternatives }) => alternatives.length > 0);
  const picks = [
    movePick(target.summary, number, l10n.t('the file itself')),
    ...(certain.length === 0 ? [] : [separator(l10n.t('References')), ...certain.map(mentionPick)]),
    ...(doubtful.length === 0 ? [] : [separator(l10n.t('May mean another issue')), ...doubtful.map(mentionPick)]),
  ];
  return pickChanges(picks, l10n.t('Renumber {0}', issueLabel(target)), l10n.t('Choose the references to update'));
}

/** The proposed changes in one store. */
interface StoreRepair {
  readonly source: WorkspaceStore;
  readonly moves: readonly IssueSummary[];
  readonly mentions: readonly SurveyedMention[];
}

async function repairDuplicates(deps: RenumberCommandDeps): Promise<void> {
  await deps.stores.whenOpened();
  const repairs: StoreRepair[] = [];
  const left: IssueSummary[] = [];
  const canRenumber = ({ store }: WorkspaceStore) => whyNotWritable(store, 'renumber') === undefined;
  for (const source of deps.stores.all.filter((each) => canRenumber(each) && each.store.catalogue.sharedNumbers.size > 0)) {
    await source.store.refresh();
    const plan = planRepair(source.store.catalogue);
    for (const issue of plan.left) {
      left.push(issue);
    }
    if (plan.moves.length > 0) {
      const mentions = await surveyWithProgress(source.store, plan.moves, deps.unsaved);
      if (mentions === undefined) {
        return;
      }
      // A reference by number alone means the issue that keeps the number, so it stays.
      repairs.push({ source, moves: plan.moves, mentions: mentions.filter(({ mention }) => mention.id !== undefined) });
    }
  }
  if (repairs.length === 0) {
    await sayNothingToRepair(left);
    return;
  }
  const chosen = new Set((await pickRepairs(repairs))?.map(({ move }) => move));
  const wanted = repairs.map((each) => ({ ...each, moves: each.moves.filter((move) => chosen.has(move)) }));
  const count = wanted.reduce((total, { moves }) => total + moves.length, 0);
  if (count === 0) {
    return;
  }
  const label = count === 1 ? l10n.t('Renumbered 1 issue') : l10n.t('Renumbered {0} issues', count);
  const changes = await inEachStore(
    deps,
    label,
    wanted.filter(({ moves }) => moves.length > 0),
    ({ source, moves, mentions }) => renumber(deps, source.store, moves, mentions),
  );
  offerUndo(deps, label, changes);
}

async function sayNothingToRepair(left: readonly IssueSummary[]): Promise<void> {
  if (left.length === 0) {
    await window.showInformationMessage(l10n.t('No duplicate numbers to repair'));
    return;
  }
  const names = left.map(storePath).join(', ');
  await window.showWarningMessage(withoutLinks(l10n.t('These issues share a number and cannot be renumbered: {0}.', names)));
}

/** Unchecking an issue passes its new number on to the issues below it. */
function pickRepairs(repairs: readonly StoreRepair[]) {
  const picks = repairs.flatMap(({ source, moves, mentions }) => {
    const first = peekNextNumber(source.store, moves.length);
    const rows = moves.map((move, index) => movePick(move, first + index, referencesLabel(mentions.filter(({ of }) => of === move))));
    return repairs.length === 1 ? rows : [separator(source.name), ...rows];
  });
  const placeHolder = l10n.t('Uncheck issues to keep their numbers');
  return pickChanges(picks, l10n.t('Repair All Duplicates'), placeHolder);
}

function referencesLabel(mentions: readonly SurveyedMention[]): string {
  const issues = new Set(mentions.map(({ within }) => within.key)).size;
  if (issues === 0) {
    return l10n.t('no references');
  }
  return mentions.length === 1
    ? l10n.t('1 reference')
    : l10n.t('{0} references, in {1}', mentions.length, issues === 1 ? l10n.t('1 issue') : l10n.t('{0} issues', issues));
}

interface RenumberedChange extends UndoableChange {
  readonly issues: readonly Issue[];
}

async function renumber(
  deps: RenumberCommandDeps,
  store: IssueStore,
  moves: readonly IssueSummary[],
  mentions: readonly SurveyedMention[],
): Promise<RenumberedChange> {
  const { rewritesOf } = await loadReferenceSearch();
  const rewrites = rewritesOf(mentions, moves);
  // Text typed after the survey changes the version on disk, so the batch below reports a conflict.
  const concerned = [...moves, ...mentions.map(({ within }) => within)].map((issue) => store.filePathOf(issue));
  const [typedIn] = await deps.unsaved.save(concerned);
  if (typedIn !== undefined) {
    throw new IssueError('conflict', l10n.t('{0} is being edited. Nothing was renumbered.', typedIn.uri.fsPath));
  }
  const { issues, undo } = await store.for('commands').renumberIssuesBatch({ moves: moves.map((ref) => ({ ref })), rewrites });
  return { store, issues, undo, editedPaths: [...new Set(issues.map((issue) => store.filePathOf(issue)))] };
}
