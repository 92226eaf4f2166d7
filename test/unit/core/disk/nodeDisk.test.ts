import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, lstatSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { errorCode, FileChangedError, type FileRead, isFolder } from '../../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

/** All ways of reading must give the same. */
const WAYS = [
  {
    way: 'asynchronous',
    stat: (disk: NodeDisk, path: string) => disk.stat(path),
    read: (disk: NodeDisk, path: string) => disk.read(path),
  },
  {
    way: 'synchronous',
    stat: async (disk: NodeDisk, path: string) => disk.statSync(path),
    read: async (disk: NodeDisk, path: string): Promise<FileRead> => disk.readSync(path),
  },
];

describe('NodeDisk', () => {
  const folder = useTemporaryFolder();
  const disk = new NodeDisk();

  it('lists what is there and what it is, links as links', async () => {
    folder().writeAll({ 'a.md': '', 'sub/b.md': '' });
    symlinkSync('a.md', folder().join('link'));
    const entries = new Set<string>();
    assert.equal(await disk.list(folder().path, (name, kind) => entries.add(`${name} ${kind}`)), true);
    assert.deepEqual(entries, new Set(['a.md file', 'sub folder', 'link link']));
  });

  it('lists more than it reads at a time', async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `${index}.md`);
    for (const name of names) {
      folder().write(name);
    }
    const listed: string[] = [];
    await disk.list(folder().path, (name) => listed.push(name));
    assert.deepEqual(listed.sort(), names.sort());
  });

  it('tells of nothing in a folder that is not there', async () => {
    folder().write('file');
    for (const path of ['nothing', 'nothing/deeper', 'file', 'file/deeper', 'x'.repeat(300)]) {
      assert.equal(await disk.list(folder().join(path), (name) => assert.fail(name)), false, path);
    }
  });

  for (const { way, stat, read } of WAYS) {
    describe(`the ${way} way`, () => {
      it('has undefined for what is not there', async () => {
        folder().write('file');
        for (const path of ['nothing', 'nothing/deeper', 'file/deeper', 'x'.repeat(300)]) {
          assert.equal(await stat(disk, folder().join(path)), undefined, path);
        }
      });

      it('has the stat of a link, not of where it leads', async () => {
        folder().write('a.md', 'text');
        symlinkSync('a.md', folder().join('link'));
        assert.equal((await stat(disk, folder().join('link')))?.kind, 'link');
        const found = await stat(disk, folder().join('a.md'));
        const { size, mtimeMs, ctimeMs, birthtimeMs, dev, ino, nlink } = lstatSync(folder().join('a.md'));
        assert.deepEqual(found, { kind: 'file', size, mtimeMs, ctimeMs, birthtimeMs, dev, ino, nlink, mode: folder().mode('a.md') });
      });

      for (const size of [0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 5 * 1024 * 1024]) {
        it(`reads a file of ${size} bytes whole`, async () => {
          const bytes = Buffer.alloc(size, 'markdown issues ');
          const path = folder().write('a.md', bytes);
          const { bytes: found, stat: foundStat } = await read(disk, path);
          assert.ok(found.equals(bytes));
          assert.equal(foundStat.size, size);
        });
      }

      if (process.platform === 'linux') {
        it('reads all of a file that has more than its stat says', async () => {
          const { bytes, stat: found } = await read(disk, '/proc/version');
          assert.equal(found.size, 0);
          assert.ok(bytes.equals(readFileSync('/proc/version')) && bytes.length > 0);
        });
      }

      it('refuses to read a folder, a link or a special file', async () => {
        folder().makeFolder('sub');
        folder().write('a.md', 'text');
        symlinkSync('a.md', folder().join('link'));
        symlinkSync('nowhere', folder().join('dangling'));
        await assert.rejects(read(disk, folder().join('sub')), { code: 'EISDIR' });
        await assert.rejects(read(disk, folder().join('link')), { code: 'EFTYPE' });
        await assert.rejects(read(disk, folder().join('dangling')), { code: 'EFTYPE' });
        await assert.rejects(read(disk, folder().join('nothing')), { code: 'ENOENT' });
      });

      if (process.platform !== 'win32') {
        it('does not wait for somebody to write into a named pipe', async () => {
          execFileSync('mkfifo', [folder().join('pipe.md')]);
          await assert.rejects(read(disk, folder().join('pipe.md')), { code: 'EFTYPE' });
        });
      }
    });
  }

  it('has the stat of what a link leads to where that is asked for', async () => {
    folder().makeFolder('sub');
    symlinkSync('sub', folder().join('link'));
    symlinkSync('nothing', folder().join('nowhere'));
    symlinkSync('itself', folder().join('itself'));
    assert.deepEqual(await disk.stat(folder().join('link'), { followLinks: true }), await disk.stat(folder().join('sub')));
    assert.equal(await disk.stat(folder().join('nowhere'), { followLinks: true }), undefined);
    await assert.rejects(disk.stat(folder().join('itself'), { followLinks: true }), { code: 'ELOOP' });
  });

  it('ends a listing when it has been told enough', async () => {
    folder().writeAll({ a: '', b: '', c: '' });
    const names: string[] = [];
    assert.equal(await disk.list(folder().path, (name) => names.push(name) < 2), true);
    assert.equal(names.length, 2);
  });

  it('knows a folder, also behind a link', async () => {
    folder().write('sub/file');
    symlinkSync('sub', folder().join('link'));
    assert.equal(await isFolder(disk, folder().join('sub')), true);
    assert.equal(await isFolder(disk, folder().join('link')), true);
    assert.equal(await isFolder(disk, folder().join('sub/file')), false);
    assert.equal(await isFolder(disk, folder().join('nothing')), false);
  });

  describe('create', () => {
    it('puts a file there, and leaves nothing else', async () => {
      const written = await disk.create(folder().join('a.md'), Buffer.from('text'), { mode: 0o755 });
      assert.deepEqual(folder().contents(), { 'a.md': 'text' });
      assert.equal(folder().mode('a.md'), 0o755);
      assert.deepEqual(await disk.stat(folder().join('a.md')), written);
      assert.equal(lstatSync(folder().join('a.md')).nlink, 1);
    });

    it('refuses a name that is taken by anything', async () => {
      folder().writeAll({ 'a.md': 'theirs', 'b.md/x': '' });
      symlinkSync('nowhere', folder().join('c.md'));
      for (const name of ['a.md', 'b.md', 'c.md']) {
        await assert.rejects(disk.create(folder().join(name), Buffer.from('ours')), { code: 'EEXIST' });
      }
      assert.deepEqual(readdirSync(folder().path).sort(), ['a.md', 'b.md', 'c.md']);
      assert.equal(folder().read('a.md'), 'theirs');
    });

    it('lets exactly one of many win', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => disk.create(folder().join('a.md'), Buffer.from(`${index}`))),
      );
      const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [String(index)] : []));
      assert.equal(winners.length, 1);
      assert.deepEqual(folder().contents(), { 'a.md': winners[0] });
    });
  });

  describe('replace', () => {
    it('keeps a mode that the user’s mask forbids for new files', async () => {
      const path = folder().write('a.md', 'old');
      chmodSync(path, 0o666);
      const mask = process.umask(0o077);
      try {
        const written = await disk.replace(path, Buffer.from('new'), await disk.read(path));
        assert.deepEqual([folder().mode('a.md'), written.mode], [0o666, 0o666]);
      } finally {
        process.umask(mask);
      }
    });

    it('puts a new file in the place of the old one, keeping its mode', async () => {
      const path = folder().write('a.md', 'old');
      chmodSync(path, 0o640);
      const written = await disk.replace(path, Buffer.from('new'), await disk.read(path));
      assert.deepEqual(folder().contents(), { 'a.md': 'new' });
      assert.equal(folder().mode('a.md'), 0o640);
      assert.deepEqual(await disk.stat(path), written);
    });

    it('never shows a reader anything but the old or the new file', async () => {
      const path = folder().write('a.md', 'a'.repeat(100_000));
      const replacing = disk.replace(path, Buffer.from('b'.repeat(200_000)), await disk.read(path));
      let done = false;
      const finished = replacing.finally(() => {
        done = true;
      });
      while (!done) {
        assert.match(folder().read('a.md'), /^(a{100000}|b{200000})$/);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await finished;
    });

    const changes: readonly [string, (path: string) => void][] = [
      ['is another one', (path) => folder().write(path.slice(folder().path.length + 1), 'else')],
      ['is gone', () => folder().remove('a.md')],
      [
        'is a folder by now',
        () => {
          folder().remove('a.md');
          folder().makeFolder('a.md');
        },
      ],
      [
        'is a link by now',
        () => {
          folder().write('b.md', 'old');
          folder().remove('a.md');
          symlinkSync('b.md', folder().join('a.md'));
        },
      ],
    ];
    for (const [title, change] of changes) {
      it(`writes nothing if the file ${title}`, async () => {
        const path = folder().write('a.md', 'old');
        const seen = await disk.read(path);
        change(path);
        const before = folder().contents();
        await assert.rejects(disk.replace(path, Buffer.from('new'), seen), FileChangedError);
        assert.deepEqual(folder().contents(), before);
        assert.deepEqual(
          readdirSync(folder().path).filter((name) => name.endsWith('.tmp')),
          [],
        );
      });
    }
  });

  describe('move', () => {
    it('gives a file another name', async () => {
      folder().write('a.md', 'text', 0o755);
      folder().makeFolder('complete');
      const moved = await disk.move(folder().join('a.md'), folder().join('complete/a.md'));
      assert.deepEqual(folder().contents(), { 'complete/a.md': 'text' });
      assert.deepEqual(await disk.stat(folder().join('complete/a.md')), moved);
      assert.equal(lstatSync(folder().join('complete/a.md')).nlink, 1);
    });

    it('refuses a name that is taken, also by the file itself', async () => {
      folder().writeAll({ 'a.md': 'a', 'b.md': 'b' });
      linkSync(folder().join('a.md'), folder().join('c.md'));
      await assert.rejects(disk.move(folder().join('a.md'), folder().join('b.md')), { code: 'EEXIST' });
      await assert.rejects(disk.move(folder().join('a.md'), folder().join('c.md')), { code: 'EEXIST' });
      assert.deepEqual(folder().contents(), { 'a.md': 'a', 'b.md': 'b', 'c.md': 'a' });
    });

    it('fails with the code of what is missing', async () => {
      await assert.rejects(disk.move(folder().join('a.md'), folder().join('b.md')), { code: 'ENOENT' });
    });

    it('loses neither of two versions when an editor saves at any moment of it', async () => {
      for (let round = 0; round < 100; round++) {
        const [from, to] = [`${round}.md`, `${round}-moved.md`];
        folder().write(from, 'old');
        folder().write(`${round}.tmp`, 'saved meanwhile');
        const moving = disk.move(folder().join(from), folder().join(to));
        for (let turn = 0; turn < round % 10; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        renameSync(folder().join(`${round}.tmp`), folder().join(from));
        // The system may say that the old file is gone when it is replaced at the very moment of the move. Then nothing has moved.
        await moving.catch((error: unknown) => assert.equal(errorCode(error), 'ENOENT'));
        const found = [from, to].flatMap((path) => (folder().contents()[path] === undefined ? [] : [folder().read(path)]));
        assert.ok(found.includes('saved meanwhile'), `round ${round}: ${found.join()}`);
      }
      assert.deepEqual(
        readdirSync(folder().path).filter((name) => name.endsWith('.tmp')),
        [],
      );
    });

    it('leaves one name when two move one file to different names', async () => {
      for (let round = 0; round < 30; round++) {
        folder().write(`${round}.md`, 'text');
        const moves = ['a', 'b'].map((name) => disk.move(folder().join(`${round}.md`), folder().join(`${round}-${name}.md`)));
        const outcomes = await Promise.allSettled(moves);
        const done = outcomes.filter(({ status }) => status === 'fulfilled');
        assert.equal(done.length, 1);
        assert.equal(readdirSync(folder().path).length, round + 1);
      }
    });
  });

  it('leaves no temporary file behind, whatever fails', async () => {
    const missing = folder().join('missing/a.md');
    await assert.rejects(disk.create(missing, Buffer.from('x')), { code: 'ENOENT' });
    const long = folder().join(`${'x'.repeat(255)}.md`);
    await assert.rejects(disk.create(long, Buffer.from('x')), { code: 'ENAMETOOLONG' });
    assert.deepEqual(readdirSync(folder().path), []);
  });
});
