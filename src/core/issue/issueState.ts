/** Checked and unchecked task boxes (`- [x]`, `- [ ]`) of an issue's text, those in code fences left out. */
export interface TaskProgress {
  readonly done: number;
  readonly total: number;
}

/** How far an issue has come. */
export type IssueState = 'open' | 'active' | 'review' | 'done' | 'dropped';

/** True of what is done and of what was dropped: both are listed as completed. */
export function isCompleted({ state }: { readonly state: IssueState }): boolean {
  return state === 'done' || state === 'dropped';
}

/** What words mean in tools that let people choose them, in the form that {@link stateOfWord} compares. All others mean nothing. */
const WORDS: Readonly<Record<Exclude<IssueState, 'open'>, string>> = {
  done: 'done completed complete closed resolved finished fixed implemented shipped merged released verified delivered',
  dropped:
    'dropped scrapped cancelled canceled wontfix wont-do wontdo abandoned rejected obsolete superseded duplicate invalid deleted skipped archived declined',
  review: 'review in-review reviewing needs-review code-review qa in-qa testing in-testing verify verifying validation',
  active: 'active in-progress inprogress now doing started wip working claimed ongoing implementing progress developing',
};

const STATE_OF_WORD = new Map(
  Object.entries(WORDS).flatMap(([state, words]) => words.split(' ').map((word) => [word, state as IssueState] as const)),
);

/** What a status word usually means; `undefined` for a word that is not known, which is open unless the format says otherwise. */
export function stateOfWord(word: string): IssueState | undefined {
  const folded = word
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .replace(/['’]/g, '');
  return STATE_OF_WORD.get(folded);
}
