import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { SystemCalls } from '../../../src/core/storage/systemCalls.ts';
import { ManualTime } from '../support/manualTime.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

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
  /** How many turns of the event loop go by while something runs. */
  const turnsOf = async (run: () => Promise<unknown>) => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns++;
      if (!isOver) {
        setImmediate(count);
      }
    };
    setImmediate(count);
    await run();
    isOver = true;
    return turns;
  };

  it('are made at once, and leave the event loop to others every few milliseconds', async () => {
    duration = 0.5;
    const turns = await turnsOf(() => stats(80));
    assert.equal(quick, 80);
    assert.ok(turns >= 10, `40 ms went by in ${turns} turns`);
  });

  it('share their turn when they are made side by side', async () => {
    duration = 0.5;
    const turns = await turnsOf(() => Promise.all([stats(20), stats(20), stats(20), stats(20)]));
    assert.equal(quick, 80);
    assert.ok(turns >= 10, `40 ms went by in ${turns} turns`);
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
});
