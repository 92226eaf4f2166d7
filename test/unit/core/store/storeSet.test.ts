import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { Emitter } from '../../../../src/core/events.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { IssueStore } from '../../../../src/core/store/issueStore.ts';
import type { FoundStore } from '../../../../src/core/store/storeEntries.ts';
import { StoreSet, type StoreSetSettings } from '../../../../src/core/store/storeSet.ts';
import { byHand } from '../../support/byHand.ts';
import { SETTINGS } from '../../support/openStore.ts';
import { inTime, Recording } from '../../support/recording.ts';
import { turns } from '../../support/settled.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const AUTO: StoreSetSettings = { stores: ['auto'], ignoredFormats: [], hasUsual: true };
const BACKLOG = { 'backlog/config.yml': 'project_name: Demo\n', 'backlog/tasks/task-1 - A.md': '---\nid: task-1\ntitle: A\n---\n' };
const SCRATCH = { '.scratch/timer/issues/01-start.md': '# Start\n\nStatus: ready-for-agent\n' };
const BEANS = { '.beans.yml': 'beans:\n  path: .beans\n', '.beans/app-ab12--first.md': '---\ntitle: First\nstatus: todo\n---\n' };
const OURS = { 'issues/000001_ours.md': '# Ours\n' };

const failed = (error: unknown) => assert.fail(String(error));

interface Opened {
  readonly store: IssueStore;
  readonly found: FoundStore;
  dispose(): void;
}

describe('the stores of a workspace folder', () => {
  const folder = useTemporaryFolder();
  const sets: StoreSet<Opened>[] = [];
  const warnings: string[] = [];

  afterEach(() => {
    for (const set of sets.splice(0)) {
      set.dispose();
    }
    warnings.length = 0;
  });

  async function opened(
    settings: StoreSetSettings = AUTO,
    root = folder().path,
    options: Partial<ReturnType<typeof byHand>['options']> = {},
  ) {
    const logger = { debug: () => {}, info: () => {}, warn: (message: string) => void warnings.push(message), error: failed };
    const changed = new Emitter<void>(failed);
    const changes = new Recording(changed.event);
    const set: StoreSet<Opened> = new StoreSet<Opened>({
      ...{ root, disk: new NodeDisk(), logger, settings, ...options },
      open: (found) => {
        const { format, place } = found;
        const store = new IssueStore({
          root,
          format,
          ...(place ? { place } : { isAwaited: true }),
          settings: SETTINGS,
          logger,
          disk: new NodeDisk(),
          ...options,
        });
        store.onDidChangeState(() => set.follow());
        store.onDidChange(() => changed.fire());
        void store.open();
        return { store, found, dispose: () => store.dispose() };
      },
      onDidChange: () => changed.fire(),
    });
    sets.push(set);
    await inTime(set.found, 'the folder to be looked at');
    /** What is shown, e.g. `backlog backlog 1`: format, folder and number of issues. */
    const shown = () =>
      set.all.map(
        ({ store }) =>
          `${store.format.id} ${relative(root, store.folder ?? '')
            .split(sep)
            .join('/')} ${store.catalogue.size}`,
      );
    const becomes = (...expected: readonly string[]) =>
      changes.until(() => JSON.stringify(shown()) === JSON.stringify(expected), `${expected.join(', ')}; it is ${shown().join(', ')}`);
    return { set, becomes, shown };
  }

  it('are all that markers show, side by side', async () => {
    folder().writeAll({ ...OURS, ...BACKLOG, ...SCRATCH, ...BEANS });
    const { becomes } = await opened();
    await becomes('numbered issues 1', 'backlog backlog 1', 'beans .beans 1', 'scratch .scratch 1');
  });

  it('have ours among them only where it is there, or nothing else is', async () => {
    folder().writeAll(BACKLOG);
    const { becomes } = await opened();
    await becomes('backlog backlog 1');
    folder().writeAll(OURS);
    await becomes('numbered issues 1', 'backlog backlog 1');
  });

  it('are one that is not there yet in an empty folder', async () => {
    const { becomes } = await opened();
    await becomes('numbered issues 0');
  });

  it('come and go with their markers', async () => {
    folder().writeAll(OURS);
    const { becomes } = await opened();
    await becomes('numbered issues 1');
    folder().writeAll(BACKLOG);
    await becomes('numbered issues 1', 'backlog backlog 1');
    folder().writeAll(SCRATCH);
    await becomes('numbered issues 1', 'backlog backlog 1', 'scratch .scratch 1');
    rmSync(folder().join('backlog'), { recursive: true });
    await becomes('numbered issues 1', 'scratch .scratch 1');
  });

  it('stay open while a marker is replaced', async () => {
    folder().writeAll(BACKLOG);
    const { set, becomes } = await opened();
    await becomes('backlog backlog 1');
    const [before] = set.all;
    folder().remove('backlog/config.yml');
    folder().write('backlog/config.yml', 'project_name: Demo\nstatuses: [Open, Shut]\n');
    folder().write('backlog/tasks/task-2 - B.md', '---\nid: task-2\ntitle: B\n---\n');
    await becomes('backlog backlog 2');
    assert.equal(set.all[0], before);
  });

  describe('by hand', () => {
    before(loadYaml);

    async function openedByHand() {
      const hand = byHand();
      const { set, becomes } = await opened(AUTO, folder().path, hand.options);
      const finder = () => hand.watchers.find(({ options, isDisposed }) => options.store === folder().path && !isDisposed);
      /** Everything that has begun is over, but for what waits for a timer. */
      const rest = async () => {
        do {
          await turns();
        } while (hand.disk.underWay > 0);
      };
      const looked = async (milliseconds: number) => {
        await rest();
        hand.time.advance(milliseconds);
        await rest();
      };
      const changed = async () => {
        await rest();
        finder()?.hint('everything');
        await looked(200);
      };
      return { hand, set, becomes, finder, looked, changed };
    }

    it('are given up when their markers are missing for a second, and are the same until then', async () => {
      folder().writeAll(BACKLOG);
      const { set, becomes, looked, changed } = await openedByHand();
      await becomes('backlog backlog 1');
      const [before] = set.all;
      for (const isBack of [true, false]) {
        folder().remove('backlog/config.yml');
        await changed();
        assert.equal(set.all[0], before);
        folder().writeAll(isBack ? BACKLOG : {});
        await looked(1_000);
        assert.equal(set.all[0] === before, isBack);
      }
      await becomes('numbered issues 0');
    });

    it('are opened anew where another file has become the configuration, and never twice', async () => {
      folder().writeAll(BACKLOG);
      const { set, becomes, changed } = await openedByHand();
      await becomes('backlog backlog 1');
      folder().remove('backlog/config.yml');
      folder().write('backlog/config.yaml', 'project_name: Demo\n');
      await changed();
      assert.deepEqual(
        set.all.map(({ store }) => store.config?.filePath),
        [folder().join('backlog/config.yaml')],
      );
    });

    it('are looked for in the folders that have come since', async () => {
      const { becomes, finder, changed } = await openedByHand();
      folder().write('.scratch/timer/03-stop.md', '# Stop\n');
      await changed();
      assert.equal(finder()?.options.folders.has('.scratch/timer'), true);
      folder().write('.scratch/timer/03-stop.md', '# Stop\n\nStatus: done\n');
      await changed();
      await becomes('scratch .scratch 1');
    });

    it('have ours among them once, however late it finds its folder', async () => {
      folder().writeAll(OURS);
      const hand = byHand();
      // Only the usual store looks there: to the finder the folder above it is missing.
      const { reached, resume } = hand.disk.pause({ method: 'stat', path: '.sah/issues' });
      const { set, becomes } = await opened(AUTO, folder().path, hand.options);
      await reached;
      assert.equal(set.opened.length, 1);
      resume();
      await becomes('numbered issues 1');
    });

    it('are let go of with the set, at whatever time', async () => {
      folder().writeAll({ ...OURS, ...BACKLOG });
      const { hand, set, becomes } = await openedByHand();
      await becomes('numbered issues 1', 'backlog backlog 1');
      set.dispose();
      assert.deepEqual([set.opened, hand.watchers.filter(({ isDisposed }) => !isDisposed)], [[], []]);
      const early = byHand();
      const { reached, resume } = early.disk.pause({ method: 'read' });
      const opening = opened(AUTO, folder().path, early.options);
      await reached;
      sets.at(-1)?.dispose();
      resume();
      await opening;
      assert.deepEqual(
        early.watchers.filter(({ isDisposed }) => !isDisposed),
        [],
      );
    });
  });

  it('are every place of our own format that holds an issue, each once', async () => {
    folder().writeAll({ ...OURS, '.sah/issues/000001_other.md': '# Other\n', '.swissarmyhammer/issues/readme.txt': '' });
    const { becomes } = await opened();
    await becomes('numbered issues 1', 'numbered .sah/issues 1');
    folder().remove('issues/000001_ours.md');
    await becomes('numbered .sah/issues 1');
  });

  it('are found in no folder that is a link', async () => {
    folder().writeAll({ 'elsewhere/config.yml': 'project_name: Demo\n', 'elsewhere/tasks/task-1 - A.md': '---\nid: task-1\n---\n' });
    symlinkSync(folder().join('elsewhere'), folder().join('backlog'));
    const { becomes } = await opened();
    await becomes('numbered issues 0');
  });

  it('leave out formats that are ignored', async () => {
    folder().writeAll({ ...OURS, ...BACKLOG, ...BEANS });
    const { set, becomes } = await opened({ ...AUTO, ignoredFormats: ['backlog'] });
    await becomes('numbered issues 1', 'beans .beans 1');
    await set.configure({ ...AUTO, ignoredFormats: ['beans', 'numbered'], hasUsual: false });
    assert.deepEqual(
      set.all.map(({ store }) => store.format.id),
      ['backlog'],
      'at once',
    );
    await becomes('backlog backlog 1');
    await set.configure(AUTO);
    await becomes('numbered issues 1', 'backlog backlog 1', 'beans .beans 1');
  });

  describe('that a setting names', () => {
    const named = (...stores: StoreSetSettings['stores']): StoreSetSettings => ({
      stores,
      ignoredFormats: [],
      hasUsual: stores.includes('auto'),
    });

    it('are what they hold, or what the setting says', async () => {
      folder().writeAll({
        'docs/todo/first.md': '---\ntitle: First\nstatus: doing\n---\n',
        'docs/numbered/000001_a.md': '# A\n',
        'work/kept/task-1 - A.md': '---\nid: task-1\n---\n',
      });
      const { becomes } = await opened(named({ folder: 'docs/todo' }, { folder: 'docs/numbered/' }, { folder: 'work', format: 'scratch' }));
      await becomes('frontMatter docs/todo 1', 'numbered docs/numbered 1', 'scratch work 0');
    });

    it('replace those that markers show in the same folder, and are opened once', async () => {
      folder().writeAll({ 'issues/one.md': '---\ntitle: One\n---\n', 'issues/Release 2/two.md': '---\ntitle: Two\n---\n', ...BACKLOG });
      const { becomes } = await opened(named({ folder: './issues', label: 'Plans' }, 'auto', { folder: 'backlog' }, { folder: 'issues' }));
      await becomes('frontMatter issues 2', 'backlog backlog 1');
    });

    it('can be globs: one store, rooted before the first wildcard', async () => {
      folder().writeAll({ ...SCRATCH, '.scratch/menu/02-x.md': '# X\n\nStatus: done\n', '.scratch/menu/issues/done/03-y.md': '# Y\n' });
      const { becomes } = await opened(named({ folder: '.scratch/*/issues' }));
      await becomes('scratch .scratch 2');
    });

    it('are opened anew where the setting says something else of them', async () => {
      folder().writeAll({ ...SCRATCH, '.scratch/menu/done/02-x.md': '# X\n\nStatus: done\n' });
      const { set, becomes } = await opened(named({ folder: '.scratch/*/issues', label: 'Now' }));
      await becomes('scratch .scratch 1');
      await set.configure(named({ folder: '.scratch/*/issues', label: 'Plans' }));
      assert.deepEqual(
        set.all.map(({ found }) => found.label),
        ['Plans'],
      );
      await set.configure(named({ folder: '.scratch/{timer,menu}', label: 'Plans' }));
      await becomes('scratch .scratch 2');
    });

    it('are told of where they are mistaken, and keep the others', async () => {
      folder().writeAll(OURS);
      const settings = named({ folder: `\${nothing}/x` }, { folder: 'a', format: 'jira' }, { folder: 'issues' });
      const { set, becomes } = await opened(settings);
      await becomes('numbered issues 1');
      assert.match(warnings.join('\n'), /\$\{nothing\}[\s\S]*“jira” is not a format\. Choose one of numbered, backlog/);
      await set.configure(settings);
      assert.equal(warnings.length, 2, 'once');
    });
  });
});
