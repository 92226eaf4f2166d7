import type { IssueRef } from '../../../src/core/issue/issue.ts';
import type { BatchIssueStorage } from '../../../src/core/storage/issueStorage.ts';
import type { WriteResult } from '../../../src/core/storage/issueStoragePort.ts';
import type { DiskMethod } from './countingDisk.ts';

export interface BatchOperation {
  readonly name: string;
  /** Runs it over the issues with these references. */
  readonly run: (storage: BatchIssueStorage, refs: readonly IssueRef[]) => Promise<WriteResult>;
  /** The one call of the disk that does the work. */
  readonly write: DiskMethod;
  /** Where the files lie before. */
  readonly below: string;
}

/** What batches over issues that are there have in common. */
export const BATCH_OPERATIONS: readonly BatchOperation[] = [
  {
    name: 'update',
    run: (storage, refs) => storage.updateIssuesBatch(refs.map((ref) => ({ ref, content: `new text of ${String(ref)}` }))),
    write: 'replace',
    below: '',
  },
  { name: 'complete', run: (storage, refs) => storage.markCompleteBatch(refs), write: 'move', below: '' },
  { name: 'reopen', run: (storage, refs) => storage.reopenBatch(refs), write: 'move', below: 'complete/' },
  { name: 'delete', run: (storage, refs) => storage.deleteIssuesBatch(refs), write: 'remove', below: '' },
];

/** What an issue with this number is called where batches are tested. */
export const fileName = (number: number) => `${String(number).padStart(6, '0')}_issue-${number}.md`;
