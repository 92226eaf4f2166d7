import { l10n, type QuickInputButton, type QuickPick, type QuickPickItem, ThemeIcon, window } from 'vscode';
import {
  type FilterCompletion,
  type FilterKey,
  type FilterLanguage,
  type FilterRemark,
  type FilterValues,
  systemClock,
} from '../../core/index.ts';
import { withoutIcons } from '../inertText.ts';
import { countLabel } from '../issueLabels.ts';
import { namesOfMe } from '../namesOfMe.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { IssueFilter } from '../tree/issueFilter.ts';

export interface FilterQuickPickDeps {
  readonly stores: Pick<WorkspaceStores, 'all'>;
  readonly filter: IssueFilter;
  readonly onError: (error: unknown) => void;
}

/** A row is for the text for which it was made: Enter may come before the window shows the rows of what was typed last. */
interface FilterPick extends QuickPickItem {
  readonly for: string;
  /** The filter with the word that the row offers. Without one, the row takes the filter as it is. */
  readonly completed?: string;
  readonly isRefusal?: boolean;
}

/**
 * Asks for a filter, which the tree follows while one types. Rows complete the last word; the first one takes the filter as it is, where it
 * is whole. However the question is left, the filter stays until it is cleared, except for one that means nothing.
 */
export function showFilterQuickPick(language: FilterLanguage, deps: FilterQuickPickDeps): void {
  const pick = window.createQuickPick<FilterPick>();
  const clear: QuickInputButton = { iconPath: new ThemeIcon('clear-all'), tooltip: l10n.t('Clear Filter') };
  pick.title = l10n.t('Filter Issues');
  pick.placeholder = l10n.t('Filter by words and fields, such as is:ready label:ui');
  pick.buttons = [clear];
  pick.keepScrollPosition = true;
  const question = new FilterQuestion(pick, language, deps);
  pick.onDidChangeValue(() => question.show());
  pick.onDidAccept(() => question.accept());
  pick.onDidTriggerButton(() => question.clear());
  pick.onDidHide(() => {
    question.end();
    pick.dispose();
  });
  question.begin().catch(deps.onError);
  pick.show();
}

class FilterQuestion {
  readonly #pick: QuickPick<FilterPick>;
  readonly #language: FilterLanguage;
  readonly #deps: FilterQuickPickDeps;
  readonly #before: string;
  readonly #ended = new AbortController();
  #values: FilterValues = {};
  #me: readonly string[] = [];
  /** What is asked for if the question is left now. */
  #taken: string;

  constructor(pick: QuickPick<FilterPick>, language: FilterLanguage, deps: FilterQuickPickDeps) {
    this.#pick = pick;
    this.#language = language;
    this.#deps = deps;
    // The question before may have been left with half a term, and only be about to take that back.
    this.#before = this.#read(deps.filter.text, false) instanceof Error ? '' : deps.filter.text;
    this.#taken = this.#before;
    // Behind a blank every key is offered.
    pick.value = this.#before === '' ? '' : `${this.#before} `;
  }

  /** Shows the first rows, and counts the values of all issues, which takes a moment in a large store. */
  async begin(): Promise<void> {
    const { signal } = this.#ended;
    this.#pick.busy = true;
    this.show();
    const issues = this.#deps.stores.all.flatMap(({ store: { catalogue } }) => [...catalogue.active, ...catalogue.completed]);
    try {
      this.#me = await namesOfMe();
      this.#values = await this.#language.countFilterValues(issues, { signal });
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
      return;
    }
    this.show();
    this.#pick.busy = false;
  }

  accept(): void {
    const { value, items, selectedItems } = this.#pick;
    const chosen = selectedItems[0]?.for === value ? selectedItems[0] : items.find((item) => item.for === value);
    if (chosen?.completed !== undefined) {
      this.#pick.value = chosen.completed;
      this.show();
    } else if (chosen?.isRefusal !== true) {
      this.#pick.hide();
    }
  }

  clear(): void {
    this.#taken = '';
    this.#pick.hide();
  }

  /** Leaves the filter as it is now, or as it was before if it means nothing. */
  end(): void {
    this.#ended.abort();
    this.#deps.filter.set(this.#taken);
  }

  #read(text: string, isTyping: boolean) {
    return this.#language.parseIssueFilter(text, { me: this.#me, now: systemClock.epoch(), isTyping });
  }

  /** Shows the rows for the text, and what fits it in the tree. */
  show(): void {
    const { value } = this.#pick;
    const [whole, typed] = [this.#read(value, false), this.#read(value, true)];
    this.#taken = whole instanceof Error ? this.#before : value;
    if (!(typed instanceof Error)) {
      this.#deps.filter.set(value, { isTyping: true });
    }
    const completions = this.#language
      .completionsFor(value, value.length, this.#values)
      .map((completion) => completionPick(completion, value));
    const isWhole = !(whole instanceof Error) && !this.#language.endsUnknown(value, this.#values);
    if (typed instanceof Error) {
      this.#pick.items = [refusalPick(typed, value)];
    } else if (isWhole || completions.length === 0) {
      const isNothing = value.trim() === '' && this.#before === '';
      const first = whole instanceof Error ? refusalPick(whole, value) : wholePick(value, whole.remarks[0]?.message);
      this.#pick.items = isNothing ? completions : [first, ...completions];
    } else {
      this.#pick.items = completions;
    }
    // VS Code sorts rows by its own measure, so the one that Enter is for is not always the first.
    this.#pick.activeItems = this.#pick.items.slice(0, 1);
  }
}

function wholePick(value: string, remark: string | undefined): FilterPick {
  const text = value.trim();
  if (text === '') {
    return { label: l10n.t('Show all issues'), iconPath: new ThemeIcon('clear-all'), alwaysShow: true, for: value };
  }
  const detail = remark === undefined ? {} : { detail: withoutIcons(remark) };
  return {
    label: withoutIcons(text),
    description: l10n.t('Press Enter to filter by this'),
    iconPath: new ThemeIcon('filter'),
    alwaysShow: true,
    for: value,
    ...detail,
  };
}

function refusalPick({ message }: FilterRemark, value: string): FilterPick {
  return { label: withoutIcons(message), iconPath: new ThemeIcon('error'), alwaysShow: true, for: value, isRefusal: true };
}

function completionPick({ key, word, text, count }: FilterCompletion, value: string): FilterPick {
  const issues = count === 1 ? l10n.t('1 issue') : l10n.t('{0} issues', countLabel(count ?? 0));
  return {
    label: withoutIcons(word),
    description: count === undefined ? keyText(key) : issues,
    alwaysShow: true,
    for: value,
    completed: text,
  };
}

function keyText(key: FilterKey): string {
  switch (key) {
    case 'is':
      return l10n.t('Open, in progress, completed, ready or blocked');
    case 'status':
      return l10n.t('The status in the words of the issue');
    case 'label':
      return l10n.t('Issues with a label');
    case 'priority':
      return l10n.t('Issues of a priority');
    case 'assignee':
      return l10n.t('Issues of a person');
    case 'type':
      return l10n.t('Issues of a type');
    case 'milestone':
      return l10n.t('Issues of a milestone');
    case 'parent':
      return l10n.t('Issues whose parent you name');
    case 'depends':
      return l10n.t('Issues that wait for the one you name');
    case 'blocks':
      return l10n.t('Issues that the one you name waits for');
    case 'id':
      return l10n.t('The issue with this ID or number');
    case 'changed':
      return l10n.t('Changed less than this long ago');
    case 'created':
      return l10n.t('Created less than this long ago');
  }
}
