import { l10n, Position, type QuickPick, type QuickPickItem, window } from 'vscode';
import {
  assertDefined,
  type FilterRemark,
  type IssueFilter,
  type IssueSummary,
  loadFilterLanguage,
  systemClock,
  systemSchedule,
  type TextMatch,
  twinKey,
} from '../../core/index.ts';
import { withoutIcons, withoutLinks } from '../inertText.ts';
import { idLabel, issueIcon, issueLabel, rowTexts } from '../issueLabels.ts';
import { namesOfMe } from '../namesOfMe.ts';
import { RedrawQueue } from '../redrawQueue.ts';
import type { WorkspaceStore, WorkspaceStores } from '../stores/workspaceStores.ts';

/** An issue that was picked. */
export interface PickedIssue {
  readonly source: WorkspaceStore;
  readonly summary: IssueSummary;
  /** Where its text has what was searched for, if it was found there. */
  readonly place?: Position;
}

export interface IssueQuickPickOptions {
  /** Those that are searched. */
  readonly stores: Pick<WorkspaceStores, 'all'>;
  readonly isFor: (summary: IssueSummary) => boolean;
  readonly placeholder: string;
  /** Whether texts are searched as well. */
  readonly searchesTexts: boolean;
  readonly onError: (error: unknown) => void;
}

interface IssuePick extends QuickPickItem {
  readonly target?: PickedIssue;
}

/** More than anybody reads. The whole list is sent to the window on each key. */
const MOST_TITLES = 100;
const MOST_TEXTS = 100;
/** How long typing pauses before texts are searched, in milliseconds. */
const TEXT_DELAY_MS = 150;
const SHORTEST_TEXT_QUERY = 2;
/** How often texts that are found are shown while the search goes on, in milliseconds. */
const SHOW_SPACING_MS = 200;

/**
 * Lets a person pick an issue by a filter that they type: see `parseIssueFilter`, `searchTitles` and, for texts, `searchTexts`.
 * Where the issue has been completed or reopened meanwhile, it is given as it is now.
 *
 * @returns undefined if it was dismissed, or if the picked issue is no longer available, which a message says.
 */
export function showIssueQuickPick(options: IssueQuickPickOptions): Promise<PickedIssue | undefined> {
  return new Promise((resolve) => {
    const pick = window.createQuickPick<IssuePick>();
    pick.placeholder = options.placeholder;
    pick.matchOnDescription = true;
    pick.keepScrollPosition = true;
    let search = new IssueSearch(pick, options, '');
    pick.onDidChangeValue((value) => {
      search.dispose();
      search = new IssueSearch(pick, options, value);
    });
    pick.onDidChangeActive(() => search.noteSeen());
    const accept = async () => {
      const accepted = search;
      const { target, isFinal } = await accepted.chosen();
      // Typing on or leaving withdraws the Enter.
      if (accepted === search && !accepted.isDisposed && (target !== undefined || isFinal)) {
        resolve(target && asItIsNow(target, options));
        pick.hide();
      }
    };
    pick.onDidAccept(() => {
      accept().catch(options.onError);
    });
    pick.onDidHide(() => {
      search.dispose();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
  });
}

/** The issue as it is now. Shows a message if it is gone or no longer fits the command. */
function asItIsNow(picked: PickedIssue, { stores, isFor, onError }: IssueQuickPickOptions): PickedIssue | undefined {
  const { source, summary, place } = picked;
  const { catalogue } = source.store;
  const entry = catalogue.get(summary.key) ?? catalogue.get(twinKey(summary.key));
  if (entry !== undefined && stores.all.includes(source) && isFor(entry.summary)) {
    return { source, summary: entry.summary, ...(place === undefined ? {} : { place }) };
  }
  const label = issueLabel(picked);
  const message =
    entry === undefined ? l10n.t('“{0}” no longer exists.', label) : l10n.t('This action is no longer available for “{0}”.', label);
  window.showWarningMessage(withoutLinks(message)).then(undefined, onError);
  return undefined;
}

/** The search for one typed text. The next key disposes it, after which it shows nothing more. */
class IssueSearch {
  readonly #pick: QuickPick<IssuePick>;
  readonly #options: IssueQuickPickOptions;
  readonly #query: string;
  readonly #aborted = new AbortController();
  readonly #texts: IssuePick[] = [];
  readonly #showTexts: RedrawQueue<IssuePick>;
  /** Settles when there is a first result, or when there will be none. */
  readonly #firstFound = Promise.withResolvers<void>();
  #titles: readonly IssuePick[] = [];
  /** Why the text is no filter. */
  #refusal: FilterRemark | undefined;
  #isShown = false;
  #isSeen = false;

  constructor(pick: QuickPick<IssuePick>, options: IssueQuickPickOptions, query: string) {
    this.#pick = pick;
    this.#options = options;
    this.#query = query;
    const redraw = () => {
      this.#show();
      return 0;
    };
    this.#showTexts = new RedrawQueue({ spacingMs: SHOW_SPACING_MS, schedule: systemSchedule, redraw });
    pick.busy = true;
    this.#run()
      .catch((error: unknown) => this.#unlessAborted(() => options.onError(error)))
      .finally(() => this.#unlessAborted(() => this.#end()));
  }

  get isDisposed(): boolean {
    return this.#aborted.signal.aborted;
  }

  /** Call it when the active row changes: from then on the window shows the results of this search. */
  noteSeen(): void {
    this.#isSeen ||= this.#isShown;
  }

  /**
   * The row that Enter accepts: the active one, or the best result while the window still shows results of the previous text.
   *
   * @returns `isFinal` without a target if the person has seen that there is no result.
   */
  async chosen(): Promise<{ readonly target: PickedIssue | undefined; readonly isFinal: boolean }> {
    if (this.#isSeen) {
      return { target: this.#pick.selectedItems[0]?.target, isFinal: true };
    }
    await this.#firstFound.promise;
    return { target: [...this.#titles, ...this.#texts][0]?.target, isFinal: false };
  }

  dispose(): void {
    this.#aborted.abort();
    this.#showTexts.dispose();
    this.#firstFound.resolve();
  }

  async #run(): Promise<void> {
    const { signal } = this.#aborted;
    const { stores, isFor, searchesTexts } = this.#options;
    const { parseIssueFilter, searchTitles } = await loadFilterLanguage();
    const now = systemClock.epoch();
    const filter = parseIssueFilter(this.#query, { me: await namesOfMe(this.#query), now, isTyping: true });
    signal.throwIfAborted();
    if (filter instanceof Error) {
      this.#refusal = filter;
      return;
    }
    const lists = (['active', 'completed'] as const).flatMap((group) =>
      stores.all.map((source) => ({ source, issues: source.store.catalogue[group].filter(isFor) })),
    );
    const found = await searchTitles(
      lists.map(({ source, issues }) => ({ issues, catalogue: source.store.catalogue })),
      filter,
      MOST_TITLES,
      { signal },
    );
    this.#titles = found.map(({ list, summary }) => this.#titlePick(assertDefined(lists[list]).source, summary));
    this.#show();
    if (searchesTexts && filter.words.join(' ').length >= SHORTEST_TEXT_QUERY) {
      await pause(TEXT_DELAY_MS);
      signal.throwIfAborted();
      await this.#searchTexts(filter);
    }
  }

  async #searchTexts(filter: IssueFilter): Promise<void> {
    const { signal } = this.#aborted;
    const titled = new Set(this.#titles.map(({ target }) => target?.source.store.filePathOf(target.summary)));
    for (const source of this.#options.stores.all) {
      const onMatch = (match: TextMatch) => {
        if (!titled.has(source.store.filePathOf(match.summary)) && this.#texts.length < MOST_TEXTS) {
          const text = this.#textPick(source, match);
          this.#texts.push(text);
          this.#showTexts.add([text]);
        }
      };
      const isSearched = (summary: IssueSummary) => filter.meets(summary, source.store.catalogue);
      await source.store.searchTexts(filter.words, { limit: MOST_TEXTS + titled.size, signal, onMatch, isSearched });
    }
  }

  #end(): void {
    this.#pick.busy = false;
    this.#show();
    this.#firstFound.resolve();
  }

  #show(): void {
    const active = this.#pick.activeItems[0];
    const found = [...this.#titles, ...this.#texts];
    const [best] = found;
    const none = this.#refusal?.message ?? (this.#query.trim() === '' ? l10n.t('No issues yet') : l10n.t('No issues match'));
    const nothing = best === undefined && !this.#pick.busy ? [{ label: withoutIcons(none), alwaysShow: true }] : [];
    this.#pick.items = [...found, ...nothing];
    this.#isShown = true;
    if (best === undefined) {
      return;
    }
    this.#firstFound.resolve();
    // VS Code sorts the rows by its own measure, so the best match is not always the first row. What was chosen with the arrow keys stays
    // chosen while more is found.
    this.#pick.activeItems = [active !== undefined && found.includes(active) ? active : best];
  }

  #titlePick(source: WorkspaceStore, summary: IssueSummary): IssuePick {
    return { ...this.#head(source, summary), target: { source, summary } };
  }

  #textPick(source: WorkspaceStore, { summary, line, column, excerpt }: TextMatch): IssuePick {
    const target = { source, summary, place: new Position(line, column) };
    return { ...this.#head(source, summary), detail: withoutIcons(excerpt), target };
  }

  #head(source: WorkspaceStore, summary: IssueSummary) {
    const folder = this.#options.stores.all.length > 1 ? [source.name] : [];
    const issue = { source, summary };
    // The id is in the label already where people write it as files do.
    const id = summary.id === idLabel(issue) ? [] : [summary.id];
    const description = [...folder, ...id, ...rowTexts(summary)].join(' · ');
    return {
      label: withoutIcons(issueLabel(issue)),
      description: withoutIcons(description),
      iconPath: issueIcon(summary),
      // Our search matches more than the label, by which VS Code would filter.
      alwaysShow: true,
    };
  }

  #unlessAborted(act: () => void): void {
    if (!this.#aborted.signal.aborted) {
      act();
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void systemSchedule(milliseconds, resolve));
}
