import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { COUNTED_OPERATIONS, countOperation } from './operationCounts.ts';
import { countingSystemCalls } from './systemCalls.ts';

describe('what an operation costs, exactly', () => {
  for (const operation of COUNTED_OPERATIONS) {
    it(operation.title, async () => {
      for (const { n, expected, actual } of await countOperation(operation)) {
        assert.deepEqual(actual, expected, `with n = ${n}`);
      }
    });
  }
});

describe('countingSystemCalls', () => {
  const folder = useTemporaryFolder();

  it('counts every form of a call and what is asked of an open file, and nothing elsewhere', async () => {
    const path = folder().write('a.md', 'a');
    const calls = await countingSystemCalls(folder().path, async () => {
      readFileSync(path);
      statSync(tmpdir());
      await readFile(path);
      const handle = await open(path);
      await handle.stat();
      await handle.close();
    });
    assert.equal(calls, 5);
  });

  it('counts nothing any more when it is over', async () => {
    const before = readFileSync;
    assert.equal(await countingSystemCalls(folder().path, async () => undefined), 0);
    assert.equal(readFileSync, before);
  });
});
