import assert from 'node:assert/strict';
import { linkSync, type PathLike, renameSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { FileChangedError } from '../../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { lockBeside } from '../../../../src/core/disk/temporaryNames.ts';
import { slowNameCalls } from '../../support/slowNameCalls.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('several writers of one file', () => {
  const folder = useTemporaryFolder();
  const disk = new NodeDisk();
  const systemRename = fs.rename;
  const systemLstat = fs.lstat;

  afterEach(() => {
    setRename(systemRename);
    Reflect.set(fs, 'lstat', systemLstat);
    syncBuiltinESMExports();
  });

  function setRename(rename: typeof systemRename): void {
    Reflect.set(fs, 'rename', rename);
    syncBuiltinESMExports();
  }

  /** Does something at the worst moment there is: when the next writer has looked and is about to rename. */
  function beforeNextRename(act: () => unknown): void {
    setRename(async (from, to) => {
      setRename(systemRename);
      await act();
      await systemRename(from, to);
    });
  }

  const path = () => folder().join('a.md');
  const replace = async (text: string) => disk.replace(path(), Buffer.from(text), await disk.read(path()));
  const move = () => disk.move(path(), folder().join('complete/a.md'));

  /** The turn of somebody who has had it for so long; without a second name it is a file of its own. */
  function leaveTurn(of: string, ageMs: number, hasSecondName = true): string {
    const turn = lockBeside(of);
    if (hasSecondName) {
      linkSync(of, turn);
    } else {
      folder().write(turn.slice(folder().path.length + 1));
    }
    // Nobody can set the time of a file's last change, so it is the looking at it that is changed.
    Reflect.set(fs, 'lstat', async (path: PathLike) => {
      const stats = await systemLstat(path);
      stats.ctimeMs -= path === turn ? ageMs : 0;
      return stats;
    });
    syncBuiltinESMExports();
    return turn;
  }

  beforeEach(async () => {
    // By promises, so that there is time between any two calls.
    await slowNameCalls();
    folder().write('a.md', 'old');
    folder().makeFolder('complete');
  });

  it('do not take away each other’s edits', async () => {
    const seen = await disk.read(path());
    beforeNextRename(() => assert.rejects(disk.replace(path(), Buffer.from('second'), seen), FileChangedError));
    await disk.replace(path(), Buffer.from('first'), seen);
    assert.deepEqual(folder().contents(), { 'a.md': 'first' });
    await assert.rejects(disk.replace(path(), Buffer.from('second'), seen), FileChangedError);
    await replace('third');
    assert.deepEqual(folder().contents(), { 'a.md': 'third' });
  });

  it('do not put a file back that another has moved', async () => {
    beforeNextRename(() => assert.rejects(move(), FileChangedError));
    await replace('new');
    assert.deepEqual(folder().contents(), { 'a.md': 'new' });
    beforeNextRename(() => assert.rejects(replace('newer'), FileChangedError));
    await move();
    assert.deepEqual(folder().contents(), { 'complete/a.md': 'new' });
  });

  it('leave it to the next if they were killed in the midst of it', async () => {
    for (const hasSecondName of [true, false]) {
      folder().write('a.md', 'old');
      for (const write of [() => replace('new'), move]) {
        leaveTurn(path(), 11_000, hasSecondName);
        await write();
      }
      assert.deepEqual(folder().contents(), { 'complete/a.md': 'new' });
      folder().remove('complete/a.md');
    }
  });

  it('are given ten seconds', async () => {
    const turn = leaveTurn(path(), 8_000);
    await assert.rejects(replace('new'), FileChangedError);
    await assert.rejects(move(), FileChangedError);
    assert.deepEqual(Object.values(folder().contents()), ['old', 'old']);
    assert.ok(await disk.stat(turn));
  });

  it('do not both clear away what a third has left', async () => {
    const turn = leaveTurn(path(), 11_000);
    const clearing = lockBeside(turn);
    linkSync(turn, clearing);
    await assert.rejects(replace('new'), FileChangedError);
    assert.ok((await disk.stat(turn)) && (await disk.stat(clearing)));
  });

  describe('who find a moved file under its new name before the move is over', () => {
    it('and replace it are not undone', async () => {
      folder().write('b.tmp', 'an update');
      beforeNextRename(() => renameSync(folder().join('b.tmp'), folder().join('complete/a.md')));
      await move();
      assert.deepEqual(folder().contents(), { 'complete/a.md': 'an update' });
    });

    it('and move it on leave nothing on the way', async () => {
      beforeNextRename(() => renameSync(folder().join('complete/a.md'), folder().join('on.md')));
      await assert.rejects(move(), { code: 'ENOENT' });
      assert.deepEqual(folder().contents(), { 'on.md': 'old' });
    });

    it('and replace it while the old one is taken away keep what they wrote', async () => {
      folder().write('b.tmp', 'an update');
      beforeNextRename(() => {
        renameSync(folder().join('b.tmp'), folder().join('complete/a.md'));
        folder().remove('a.md');
      });
      await assert.rejects(move(), { code: 'ENOENT' });
      assert.deepEqual(folder().contents(), { 'complete/a.md': 'an update' });
    });

    it('and take it away with an edit under the old name keep that', async () => {
      folder().write('b.tmp', 'an edit');
      beforeNextRename(() => {
        renameSync(folder().join('b.tmp'), path());
        folder().remove('complete/a.md');
      });
      await move();
      assert.deepEqual(folder().contents(), { 'complete/a.md': 'an edit' });
    });
  });
});
