import assert from 'node:assert/strict';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { RacyFiles } from '../../../../src/core/sync/racyFiles.ts';
import { summaryOf } from '../../support/summaries.ts';

describe('RacyFiles', () => {
  it('has any number of files read again, when the last of them can be trusted', () => {
    const again: IssueKey[] = [];
    const waits: number[] = [];
    const files = new RacyFiles({
      clock: { now: () => 0, epoch: () => 1000 },
      schedule: (milliseconds, act) => {
        waits.push(milliseconds);
        queueMicrotask(act);
        return { dispose: () => undefined };
      },
      readAgain: (key) => void again.push(key),
    });
    const entries = Array.from({ length: 200_000 }, (_, index) => ({
      summary: summaryOf(String(index)),
      stat: undefined,
      racyUntil: 1000 + (index % 7),
    }));
    files.add([...entries, { summary: summaryOf('trusted'), stat: undefined }]);
    return Promise.resolve().then(() => {
      assert.deepEqual(waits, [6]);
      assert.equal(again.length, entries.length);
    });
  });
});
