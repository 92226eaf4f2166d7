import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { Emitter } from '../../../../src/core/events.ts';
import { IssueStore } from '../../../../src/core/store/issueStore.ts';
import type { FoundStore } from '../../../../src/core/store/storeEntries.ts';
import { StoreSet, type StoreSetSettings } from '../../../../src/core/store/storeSet.ts';
import { SETTINGS } from '../../support/openStore.ts';
import { inTime, Recording } from '../../support/recording.ts';
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

  async function opened(settings: StoreSetSettings = AUTO, root = folder().path) {
    const logger = { debug: () => {}, info: () => {}, warn: (message: string) => void warnings.push(message), error: failed };
    const changed = new Emitter<void>(failed);
    const changes = new Recording(changed.event);
    const set: StoreSet<Opened> = new StoreSet<Opened>({
      ...{ root, disk: new NodeDisk(), logger, settings },
      open: (found) => {
        const { format, place } = found;
        const store = new IssueStore({ root, format, ...(place && { place }), settings: SETTINGS, logger, disk: new NodeDisk() });
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
    await becomes('backlog backlog 1');
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

    it('are told of where they are mistaken, and keep the others', async () => {
      folder().writeAll(OURS);
      const { becomes } = await opened(named({ folder: `\${nothing}/x` }, { folder: 'a', format: 'jira' }, { folder: 'issues' }));
      await becomes('numbered issues 1');
      assert.match(warnings.join('\n'), /\$\{nothing\}[\s\S]*“jira” is not a format\. Choose one of numbered, backlog/);
    });
  });
});
