import type { IssueStore } from '../../src/core/store/issueStore.ts';
import { readIssues } from '../floor/readFloors.ts';
import { completeFiles, createFiles, updateFiles } from '../floor/writeFloors.ts';
import { type Case, type CaseContext, expectIssues, numbersFrom, once, type Plan, repeated } from '../plan.ts';
import { changedText, issueFolderIn, sampleText } from '../sampleStore.ts';
import { newStore, StoreUnderTest } from './openStore.ts';

/** Batches through the store's door, by number, with the catalogue and a watcher behind it. */
export const BATCH_CASES: Readonly<Record<string, Case>> = {
  'batch create': (context) =>
    batch(context, async (store, numbers) => {
      const drafts = numbers.map((number) => ({ name: `new ${number}`, content: sampleText(number) }));
      return (await store.for('test').createIssuesBatch(drafts)).issues;
    }),
  'batch get': batchGet,
  'batch update': (context) =>
    batch(context, async (store, numbers) => {
      const updates = numbers.map((ref) => ({ ref, content: changedText(ref) }));
      return (await store.for('test').updateIssuesBatch(updates)).issues;
    }),
  'batch complete': (context) => batch(context, async (store, numbers) => (await store.for('test').markCompleteBatch(numbers)).issues),

  'floor: create': (context) =>
    floor(context, (folder, numbers) =>
      createFiles(
        folder,
        numbers.map((number) => sampleText(number)),
      ),
    ),
  'floor: get': (context) => repeated(floor(context, async (folder, numbers) => readIssues(folder, numbers))),
  'floor: update': (context) => floor(context, (folder, numbers) => updateFiles(folder, changesOf(numbers))),
  'floor: complete': (context) => floor(context, async (folder, numbers) => completeFiles(folder, numbers)),
};

function changesOf(numbers: readonly number[]): { readonly number: number; readonly text: string }[] {
  return numbers.map((number) => ({ number, text: changedText(number) }));
}

function batch(context: CaseContext, act: (store: IssueStore, numbers: readonly number[]) => Promise<unknown>): Plan {
  const under = new StoreUnderTest(() => newStore(context));
  const plan = batchOf(context, (numbers) => act(under.store, numbers));
  return { ...plan, hasBlock: true, prepare: under.open, finish: under.dispose };
}

/** Again and again, with nothing kept from the time before. */
function batchGet(context: CaseContext): Plan {
  const under = new StoreUnderTest(() => newStore(context));
  const plan = batchOf(context, (numbers) => under.store.getIssues(numbers));
  const before = async () => under.store.clearCache();
  return { ...repeated(plan), before, hasBlock: true, prepare: under.open, finish: under.dispose };
}

function floor(context: CaseContext, act: (folder: string, numbers: readonly number[]) => Promise<unknown>): Plan {
  return batchOf(context, (numbers) => act(issueFolderIn(context), numbers));
}

function batchOf({ first, batchSize }: CaseContext, act: (numbers: readonly number[]) => Promise<unknown>): Plan {
  const numbers = numbersFrom(first, batchSize);
  return once(
    batchSize,
    () => act(numbers),
    (answer) => expectIssues(answer, batchSize),
  );
}
