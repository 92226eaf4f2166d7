import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { link, lstat, rename, unlink } from '../../../../src/core/disk/nameCalls.ts';
import { slowNameCalls } from '../../support/slowNameCalls.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { turnsDuring } from '../../support/turnsDuring.ts';

describe('calls for names', () => {
  const folder = useTemporaryFolder();
  const systemLstat = fs.lstatSync;
  /** How many were made synchronously. */
  let synchronous: number;
  let millisPerCall: number;

  beforeEach(async () => {
    await slowNameCalls();
    await looks(256);
    [synchronous, millisPerCall] = [0, 0];
    Reflect.set(fs, 'lstatSync', (path: string) => {
      synchronous++;
      for (const end = performance.now() + millisPerCall; performance.now() < end; );
      return systemLstat(path);
    });
    syncBuiltinESMExports();
  });

  afterEach(() => {
    Reflect.set(fs, 'lstatSync', systemLstat);
    syncBuiltinESMExports();
  });

  const looks = async (count: number) => {
    for (let index = 0; index < count; index++) {
      assert.ok((await lstat(folder().path)).isDirectory());
    }
  };

  it('are made synchronously, and leave the event loop to others every few milliseconds', async () => {
    millisPerCall = 0.5;
    const turns = await turnsDuring(() => Promise.all([looks(20), looks(20), looks(20), looks(20)]));
    // On a busy machine one of them can take long enough to be followed by promises.
    assert.ok(synchronous > 0);
    assert.ok(turns >= 8, `40 ms went by in ${turns} turns`);
  });

  it('hold the event loop for one slice, however many wait for it', async () => {
    millisPerCall = 2;
    let [before, most] = [0, 0];
    await turnsDuring(
      () => Promise.all(Array.from({ length: 16 }, () => looks(2))),
      () => {
        most = Math.max(most, synchronous - before);
        before = synchronous;
      },
    );
    assert.ok(synchronous > 0);
    assert.ok(most <= 3, `${most} calls of 2 ms each in one turn`);
  });

  it('go by promise for a while after one that was slow', async () => {
    millisPerCall = 10;
    await looks(1);
    millisPerCall = 0;
    await looks(256);
    assert.equal(synchronous, 1);
    await looks(1);
    assert.equal(synchronous, 2);
  });

  for (const form of ['synchronously', 'by promise']) {
    it(`do the same ${form}`, async () => {
      if (form === 'by promise') {
        await slowNameCalls();
      }
      const path = (name: string) => folder().join(name);
      folder().write('a', 'text');
      await link(path('a'), path('b'));
      await assert.rejects(link(path('a'), path('b')), { code: 'EEXIST' });
      await unlink(path('a'));
      await assert.rejects(lstat(path('a')), { code: 'ENOENT' });
      await rename(path('b'), path('c'));
      await assert.rejects(unlink(path('b')), { code: 'ENOENT' });
      assert.deepEqual(folder().contents(), { c: 'text' });
    });
  }
});
