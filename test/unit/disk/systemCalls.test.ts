import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { SystemCalls } from '../../../src/core/disk/systemCalls.ts';
import { ManualTime } from '../support/manualTime.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { turnsDuring } from '../support/turnsDuring.ts';

describe('calls of the system', () => {
  const folder = useTemporaryFolder();
  const systemStat = fs.lstatSync;
  let clock: ManualTime;
  let calls: SystemCalls;
  /** How many were made at once. */
  let quick: number;
  /** How long one takes that is made at once, in milliseconds. */
  let duration: number;

  beforeEach(() => {
    clock = new ManualTime();
    calls = new SystemCalls({ clock });
    [quick, duration] = [0, 0];
    const stat = (path: string) => {
      quick++;
      clock.advance(duration);
      return systemStat(path);
    };
    Reflect.set(fs, 'lstatSync', stat);
    syncBuiltinESMExports();
  });

  afterEach(() => {
    Reflect.set(fs, 'lstatSync', systemStat);
    syncBuiltinESMExports();
  });

  const stats = async (count: number) => {
    for (let index = 0; index < count; index++) {
      assert.ok((await calls.stat(folder().path)).isDirectory());
    }
  };
  /** Makes calls that take half a millisecond each; how many turns go by, and the longest time without one. */
  const watched = async (run: () => Promise<unknown>) => {
    duration = 0.5;
    let [last, longest] = [clock.now(), 0];
    const turns = await turnsDuring(run, () => {
      longest = Math.max(longest, clock.now() - last);
      last = clock.now();
    });
    return { turns, longest };
  };

  it('are made at once, and leave the event loop to others every few milliseconds', async () => {
    const { turns, longest } = await watched(() => stats(80));
    assert.equal(quick, 80);
    assert.ok(turns >= 10, `40 ms went by in ${turns} turns`);
    assert.ok(longest <= 4, `${longest} ms without a turn`);
  });

  it('share their turn when they are made side by side', async () => {
    const { turns, longest } = await watched(() => Promise.all([stats(20), stats(20), stats(20), stats(20)]));
    assert.equal(quick, 80);
    assert.ok(turns >= 10, `40 ms went by in ${turns} turns`);
    assert.ok(longest <= 4, `${longest} ms without a turn`);
  });

  it('go by promise for a while after one that was slow', async () => {
    duration = 20;
    await stats(1);
    duration = 0;
    await stats(256);
    assert.equal(quick, 1);
    await stats(10);
    assert.equal(quick, 11);
  });

  it('fail in the same way, made at once or by promise', async () => {
    for (const isPatient of [false, true]) {
      calls = new SystemCalls({ clock, isPatient });
      await assert.rejects(async () => calls.stat(folder().join('nothing')), { code: 'ENOENT' });
      await assert.rejects(async () => calls.create(folder().write('taken')), { code: 'EEXIST' });
    }
  });

  it('write and read all of a file, made at once or by promise', async () => {
    const bytes = Buffer.from('text\n'.repeat(100_000));
    for (const isPatient of [false, true]) {
      calls = new SystemCalls({ isPatient });
      const descriptor = await calls.create(folder().join(`file-${isPatient}`), 0o600);
      await calls.write(descriptor, bytes);
      await calls.changeMode(descriptor, 0o640);
      await calls.flush(descriptor);
      assert.equal((await calls.descriptorStat(descriptor)).mode & 0o777, 0o640);
      await calls.close(descriptor);
      const opened = await calls.open(folder().join(`file-${isPatient}`), fs.constants.O_RDWR);
      const found = Buffer.alloc(bytes.length + 1);
      assert.equal(await calls.read(opened, found), bytes.length);
      assert.ok(found.subarray(0, bytes.length).equals(bytes));
      await calls.truncate(opened);
      assert.equal((await calls.descriptorStat(opened)).size, 0);
      await calls.close(opened);
    }
  });

  it('list a folder, made at once or by promise', async () => {
    folder().writeAll({ 'a.md': '', 'b.md': '', 'sub/c.md': '' });
    for (const isPatient of [false, true]) {
      calls = new SystemCalls({ isPatient });
      const opened = await calls.openFolder(folder().path, 2);
      const names: string[] = [];
      for (let entry = await calls.readFolder(opened); entry !== null; entry = await calls.readFolder(opened)) {
        names.push(entry.name);
      }
      await calls.closeFolder(opened);
      assert.deepEqual(names.sort(), ['a.md', 'b.md', 'sub']);
      await assert.rejects(async () => calls.openFolder(folder().join('a.md'), 2), { code: 'ENOTDIR' });
    }
  });

  it('look at a link or at what it leads to', async () => {
    folder().makeFolder('sub');
    fs.symlinkSync('sub', folder().join('link'));
    for (const isPatient of [false, true]) {
      calls = new SystemCalls({ isPatient });
      assert.ok((await calls.stat(folder().join('link'))).isSymbolicLink());
      assert.ok((await calls.targetStat(folder().join('link'))).isDirectory());
    }
  });

  it('do not hold the event loop for a file of any size', async () => {
    const bytes = Buffer.alloc(5 * 1024 * 1024, 'text');
    const descriptor = await calls.create(folder().join('large'));
    const lengths: number[] = [];
    const systemWrite = fs.writeSync;
    Reflect.set(fs, 'writeSync', (to: number, from: Buffer, offset: number, length: number, position: number) => {
      lengths.push(length);
      return systemWrite(to, from, offset, length, position);
    });
    syncBuiltinESMExports();
    try {
      await calls.write(descriptor, bytes);
    } finally {
      Reflect.set(fs, 'writeSync', systemWrite);
      syncBuiltinESMExports();
    }
    await calls.close(descriptor);
    assert.ok(fs.readFileSync(folder().join('large')).equals(bytes));
    assert.ok(Math.max(...lengths) <= 1024 * 1024, `${lengths} bytes at once`);
  });
});
