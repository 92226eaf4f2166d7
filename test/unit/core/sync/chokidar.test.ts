import assert from 'node:assert/strict';
import { lstatSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { normalize } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { inTime } from '../../support/recording.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

/** What a raw event has said. */
interface Raw {
  readonly event: string;
  readonly name: string | null;
  readonly details: unknown;
}

/** What `FolderWatcher` relies on, so that an upgrade of chokidar that breaks it is noticed here. */
describe('chokidar, watching folders and ignoring their files', () => {
  const folder = useTemporaryFolder();
  let watchers: FSWatcher[];
  let raws: Raw[];
  let events: [event: string, path: string][];
  let check: () => void;

  beforeEach(() => {
    watchers = [];
    raws = [];
    events = [];
    check = () => undefined;
  });

  afterEach(async () => {
    await Promise.all(watchers.map((watcher) => watcher.close()));
  });

  /** Watches `top` and those of the folders that lie in it. */
  function watching(top: string, folders: readonly string[]): Promise<FSWatcher> {
    const all = new Set([top, ...folders].map((path) => folder().join(path)));
    return watchingWhat(top, (path) => all.has(path));
  }

  /** Watches `top` and every folder below that this is true of. */
  async function watchingWhat(top: string, isWatched: (path: string) => boolean): Promise<FSWatcher> {
    const ignored = (path: string) => !isWatched(normalize(path));
    const watcher = watch([folder().join(top)], { backend: 'native', ignoreInitial: true, atomic: false, ignored });
    watchers.push(watcher);
    watcher.on('raw', (event, name, details: unknown) => {
      raws.push({ event, name, details });
      check();
    });
    watcher.on('all', (event, path) => {
      events.push([event, normalize(path)]);
      check();
    });
    await inTime(new Promise<void>((resolve) => watcher.once('ready', resolve)), 'the watcher to be ready');
    return watcher;
  }

  /** Waits until this holds after the change. */
  async function noticed(isNoticed: () => boolean, what: string, change: () => unknown): Promise<void> {
    raws.length = 0;
    events.length = 0;
    const done = new Promise<void>((resolve) => {
      check = () => isNoticed() && resolve();
    });
    change();
    await inTime(done, () => `${what}; raw: ${JSON.stringify(raws)}; others: ${JSON.stringify(events)}`);
  }

  const named = (path: string, name: string, change: () => unknown) => {
    const watchedPath = folder().join(path);
    const isIt = (raw: Raw) =>
      raw.name === name && normalize((raw.details as { readonly watchedPath: string }).watchedPath) === watchedPath;
    return noticed(() => raws.some(isIt), `${name} in ${path}`, change);
  };
  const told = (event: string, path: string, change: () => unknown) =>
    noticed(() => events.some(([name, where]) => name === event && where === folder().join(path)), `${event} ${path}`, change);

  it('tells with a raw event which file of which folder has changed, and nothing else of it', async () => {
    folder().writeAll({ 'root/issues/a.md': 'a', 'root/issues/complete/b.md': 'b', 'root/other/c.md': 'c' });
    const watcher = await watching('root', ['root/issues', 'root/issues/complete']);
    await named('root/issues', 'a.md', () => folder().write('root/issues/a.md', 'new'));
    await named('root/issues/complete', 'b.md', () => folder().remove('root/issues/complete/b.md'));
    await named('root/issues', 'x.md', () => renameSync(folder().join('root/issues/a.md'), folder().join('root/issues/x.md')));
    folder().write('root/other/c.md', 'new');
    await named('root', 'last.md', () => folder().write('root/last.md'));
    assert.ok(!raws.some(({ name }) => name === 'c.md'), 'a folder that is ignored is not watched');
    assert.deepEqual(events, []);
    assert.deepEqual(watcher.getWatched()[folder().join('root/issues/complete')], [], 'files that are ignored are not kept');
  });

  it('watches folders from when they appear, however many at once', async () => {
    await watching('root', ['root/deep', 'root/deep/issues', 'root/deep/issues/complete']);
    await told('addDir', 'root', () => folder().makeFolder('root'));
    await told('addDir', 'root/deep/issues/complete', () => folder().makeFolder('root/deep/issues/complete'));
    await named('root/deep/issues', 'a.md', () => folder().write('root/deep/issues/a.md'));
    await named('root/deep/issues/complete', 'b.md', () => folder().write('root/deep/issues/complete/b.md'));
  });

  it('tells of a folder that goes, and watches it again when it comes back', async () => {
    folder().makeFolder('root/issues/complete');
    await watching('root', ['root/issues', 'root/issues/complete']);
    await told('unlinkDir', 'root/issues/complete', () => folder().remove('root/issues/complete'));
    await told('addDir', 'root/issues/complete', () => folder().makeFolder('root/issues/complete'));
    await named('root/issues/complete', 'b.md', () => folder().write('root/issues/complete/b.md'));
  });

  it('tells of a folder that is swapped for another', async () => {
    folder().writeAll({ 'root/issues/a.md': '', 'root/other/a.md': '' });
    await watching('root', ['root/issues']);
    await told('unlinkDir', 'root/issues', () => {
      renameSync(folder().join('root/issues'), folder().join('root/was'));
      renameSync(folder().join('root/other'), folder().join('root/issues'));
    });
  });

  it('follows a link, and calls what is in it by the path of the link', async () => {
    folder().write('elsewhere/a.md');
    folder().makeFolder('root');
    symlinkSync(folder().join('elsewhere'), folder().join('root/issues'), 'junction');
    await watching('root', ['root/issues']);
    await named('root/issues', 'a.md', () => folder().write('elsewhere/a.md', 'new'));
  });

  it('does not see that a link above the folders leads elsewhere', async () => {
    folder().writeAll({ 'one/root/a.md': '', 'two/root/a.md': '' });
    symlinkSync(folder().join('one'), folder().join('way'), 'junction');
    await watching('way/root', []);
    rmSync(folder().join('way'));
    symlinkSync(folder().join('two'), folder().join('way'), 'junction');
    folder().write('two/root/a.md', 'new');
    // Hence `recheck`. If this ever fails, it may go.
    await named('way/root', 'last.md', () => folder().write('one/root/last.md'));
    assert.ok(!raws.some(({ name }) => name === 'a.md'));
  });

  describe('and every folder that is no link below one of them', () => {
    let asked: string[];
    beforeEach(() => {
      asked = [];
      folder().writeAll({ 'root/a/one.md': '', 'root/a/deep/two.md': '', 'outside/secret.md': '' });
    });
    const isFolder = (path: string) => {
      asked.push(path.slice(folder().path.length + 1).replaceAll('\\', '/'));
      return path.endsWith('.md') ? false : lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    };

    it('asks of every name whether to ignore it, and names what happens in nested folders', async () => {
      const watcher = await watchingWhat('root', isFolder);
      assert.deepEqual([...new Set(asked)].sort(), ['root', 'root/a', 'root/a/deep', 'root/a/deep/two.md', 'root/a/one.md']);
      await named('root/a/deep', 'two.md', () => folder().write('root/a/deep/two.md', 'new'));
      await named('root/a', 'one.md', () => folder().write('root/a/one.md', 'new'));
      assert.deepEqual(events, []);
      assert.deepEqual(watcher.getWatched()[folder().join('root/a/deep')], []);
    });

    it('watches nested folders from when they appear, those inside of them, too', async () => {
      await watchingWhat('root', isFolder);
      await told('addDir', 'root/a/new/newer', () => folder().makeFolder('root/a/new/newer'));
      await named('root/a/new/newer', 'x.md', () => folder().write('root/a/new/newer/x.md'));
      await named('root/a/new', 'y.md', () => folder().write('root/a/new/y.md'));
    });

    // It tells of none of these with an event of its own, so that `FolderWatcher` compares what is there.
    it('names nested folders that go, are moved away, or are swapped for another one or a link', async () => {
      folder().writeAll({ 'root/b/x.md': '', 'root/c/x.md': '', 'other/x.md': '' });
      await watchingWhat('root', isFolder);
      await named('root/a', 'deep', () => folder().remove('root/a/deep'));
      await named('root', 'a', () => renameSync(folder().join('root/a'), folder().join('away')));
      await named('root', 'b', () => {
        renameSync(folder().join('root/b'), folder().join('gone'));
        renameSync(folder().join('other'), folder().join('root/b'));
      });
      await named('root', 'c', () => {
        renameSync(folder().join('root/c'), folder().join('lost'));
        symlinkSync(folder().join('outside'), folder().join('root/c'), 'junction');
      });
    });

    it('follows no link that is to be ignored', async () => {
      symlinkSync(folder().join('outside'), folder().join('root/a/link'), 'junction');
      await watchingWhat('root', isFolder);
      assert.ok(asked.includes('root/a/link'));
      folder().write('outside/secret.md', 'new');
      symlinkSync(folder().join('outside'), folder().join('root/a/later'), 'junction');
      await named('root/a', 'last.md', () => folder().write('root/a/last.md'));
      folder().write('outside/secret.md', 'newer');
      await named('root/a', 'end.md', () => folder().write('root/a/end.md'));
      assert.ok(!asked.some((path) => path.endsWith('secret.md')) && !raws.some(({ name }) => name === 'secret.md'));
    });
  });
});
