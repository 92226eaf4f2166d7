import { issueKey } from '../../../src/core/formats/numberedLayout.ts';
import type { BatchIssueStorage } from '../../../src/core/storage/issueStorage.ts';

export type StoreOperation = (store: BatchIssueStorage) => Promise<unknown>;

const ACTIVE = { key: issueKey('000001_a', false) };
const COMPLETED = { key: issueKey('000002_b', true) };

/** Every operation that reads, in a store that has or had `000001_a` and the completed `000002_b`. */
export const READS: Readonly<Record<string, StoreOperation>> = {
  getIssue: (store) => store.getIssue(ACTIVE),
  'getIssue by number': (store) => store.getIssue(1),
  getIssuesBatch: (store) => store.getIssues([ACTIVE, COMPLETED]),
  listIssues: (store) => store.listIssues(),
  listSummaries: (store) => store.listSummaries(),
  allComplete: (store) => store.allComplete(),
};

/** Every operation that writes, in such a store. */
export const WRITES: Readonly<Record<string, StoreOperation>> = {
  createIssue: (store) => store.createIssue('x', 'x'),
  updateIssue: (store) => store.updateIssue(ACTIVE, 'changed'),
  markComplete: (store) => store.markComplete(ACTIVE),
  reopen: (store) => store.reopen(COMPLETED),
  rename: (store) => store.rename(ACTIVE, 'renamed'),
  deleteIssue: (store) => store.deleteIssue(ACTIVE),
  tick: (store) => store.write([{ kind: 'tick', ref: ACTIVE, line: 0, text: 'a', done: true }]),
  createIssuesBatch: (store) => store.createIssuesBatch([{ name: 'x', content: 'x' }]),
  updateIssuesBatch: (store) => store.updateIssuesBatch([{ ref: ACTIVE, content: 'changed' }]),
  markCompleteBatch: (store) => store.markCompleteBatch([ACTIVE]),
  reopenBatch: (store) => store.reopenBatch([COMPLETED]),
  renameIssuesBatch: (store) => store.renameIssuesBatch([{ ref: ACTIVE, name: 'renamed' }]),
  renumberIssuesBatch: (store) => store.renumberIssuesBatch({ moves: [{ ref: ACTIVE }], rewrites: [] }),
  deleteIssuesBatch: (store) => store.deleteIssuesBatch([ACTIVE]),
};
