import { type Case, type CaseContext, expectIssues, numbersFrom, once, type Plan } from '../plan.ts';
import { changedText, issueFolderIn, sampleText } from '../sampleStore.ts';
import { SeedIssueStorage } from '../seed/seedIssueStorage.ts';

/** The algorithm that this project started from, as many operations of it as the size of the store allows. */
export const SEED_READERS: Readonly<Record<string, Case>> = {
  'seed: get': (context) => loop(context, (storage, number) => storage.getIssue(number)),
};

export const SEED_WRITERS: Readonly<Record<string, Case>> = {
  'seed: create': (context) => loop(context, (storage, number) => storage.createIssue(`new-${number}`, sampleText(number))),
  'seed: update': (context) => loop(context, (storage, number) => storage.updateIssue(number, changedText(number))),
  'seed: complete': (context) => loop(context, (storage, number) => storage.markComplete(number)),
};

/** Operations one after another, as in the seed's batches. */
function loop(context: CaseContext, operation: (storage: SeedIssueStorage, number: number) => Promise<unknown>): Plan {
  const { first, seedOperations } = context;
  const storage = new SeedIssueStorage(issueFolderIn(context));
  return once(
    seedOperations,
    async () => {
      const answers: unknown[] = [];
      for (const number of numbersFrom(first, seedOperations)) {
        answers.push(await operation(storage, number));
      }
      return answers;
    },
    (answers) => expectIssues(answers, seedOperations),
  );
}
