import assert from 'node:assert/strict';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogueIndex } from '../../../../src/core/catalogue/catalogueIndex.ts';
import { IssueFileReader } from '../../../../src/core/storage/issueFile.ts';
import { byHand } from '../../support/byHand.ts';
import { assertEqualToDisk, changedKeys, NO_CHANGE, useStores } from '../../support/openStore.ts';
import { inTime } from '../../support/recording.ts';
import { NUMBERED_SCHEMA } from '../../support/storages.ts';

/** How long after a change a store saves its index. */
const SAVE_AFTER_MS = 5_000;

describe('IssueStore, what it keeps from one session to the next', () => {
  const { folder, make, open } = useStores();
  const indexFolder = () => folder().join('storage/index');
  const texts = {
    'issues/000001_a.md': '# A\n- [x] t\n',
    'issues/000002_b.md': '',
    'issues/complete/000003_é.md': '# É\n',
    'issues/z.md': '<<<<<<< a\n# z\n=======\n# y\n>>>>>>> b\n',
  };

  beforeEach(() => folder().writeAll(texts));

  /** A session that ends with a saved index. */
  async function session(options = {}) {
    const { options: byHandOptions, disk } = byHand();
    const { store } = await open({ ...byHandOptions, indexFolder: indexFolder(), ...options });
    await store.saveIndex();
    store.dispose();
    return { disk, summaries: await store.listSummaries() };
  }

  /** A session that is told nothing by a watcher and has just been opened. */
  async function nextSession(options = {}) {
    const { options: byHandOptions, disk, time } = byHand();
    const opened = await open({ ...byHandOptions, indexFolder: indexFolder(), ...options });
    return { ...opened, store: opened.store, disk, time };
  }

  const reads = ({ calls }: { calls: readonly { method: string; path: string }[] }) =>
    calls
      .filter(({ method }) => method === 'read' || method === 'readSync')
      .map(({ path }) => path.slice(folder().join('issues').length + 1));

  it('is all it needs to know of files that are as they were', async () => {
    const { disk: first, summaries } = await session();
    assert.equal(reads(first).length, 4);
    const { store, disk } = await nextSession();
    assert.deepEqual(reads(disk), []);
    assert.deepEqual(await store.listSummaries(), summaries);
    await assertEqualToDisk(store);
  });

  it('is shown before anything is looked at', async () => {
    await session();
    const { options, disk } = byHand();
    const list = disk.pause({ method: 'list' });
    const { store, changes } = make({ ...options, indexFolder: indexFolder() });
    const opening = store.open();
    await list.reached;
    assert.equal(store.state, 'ready');
    assert.deepEqual(
      store.catalogue.summaries().map(({ key, title }) => `${key} ${title}`),
      ['000001_a A', '000002_b b', 'complete/000003_é É', 'z z'],
    );
    assert.equal(changes.events.length, 1);
    list.resume();
    await inTime(opening, 'the store to open');
    assert.deepEqual(changes.events.map(changedKeys).slice(1), [], 'nothing was different');
  });

  it('is mended where files have changed, come and gone, and only these are read', async () => {
    await session();
    folder().writeAll({ 'issues/000002_b.md': 'changed', 'issues/new.md': 'new' });
    folder().remove('issues/z.md');
    const { options, disk } = byHand();
    const { store, changes } = make({ ...options, indexFolder: indexFolder() });
    await inTime(store.open(), 'the store to open');
    assert.deepEqual(reads(disk).sort(), ['000002_b.md', 'new.md']);
    await assertEqualToDisk(store);
    assert.deepEqual(changes.events.map(changedKeys).slice(1), [{ ...NO_CHANGE, added: ['new'], changed: ['000002_b'], removed: ['z'] }]);
  });

  it('is saved by itself some seconds after a change', async () => {
    await session();
    const { store, time } = await nextSession();
    await store.for('test').createIssue('later', 'text');
    time.advance(SAVE_AFTER_MS);
    await store.saveIndex();
    const { disk } = await nextSession();
    assert.deepEqual(reads(disk), []);
  });

  it('leaves out files that cannot be read, and those that may have changed within a tick of the clock', async () => {
    folder().write('issues/bad.md', Buffer.from([0xff, 0xfe, 0x80]));
    const { store } = await open({ indexFolder: indexFolder(), watch: byHand().options.watch });
    // By a file server's clock, say, whose tick is not over when the index is saved, however long that takes here.
    const soon = new Date(Date.now() + 1_500);
    utimesSync(folder().write('issues/racy.md', 'racy'), soon, soon);
    await store.refresh();
    await store.saveIndex();
    const { disk } = await nextSession();
    assert.ok(reads(disk).includes('bad.md'));
    assert.ok(reads(disk).includes('racy.md'));
  });

  for (const [what, damage] of [
    ['one of its titles is damaged', (text: string) => text.replace('"A"', '"B"')],
    ['one of its figures is damaged', (text: string) => `${text.slice(0, -20)}?${text.slice(-19)}`],
    ['a checksum in it is damaged', (text: string) => text.replace(/(\n\d+ )/, '$19')],
    ['one of its lines is two', (text: string) => text.replace(',"titles"', '\n,"titles"')],
    ['its end is missing', (text: string) => text.slice(0, -20)],
    ['it is of another format', (text: string) => text.replace('{"format":', '{"format":9')],
    ['it is empty', () => ''],
    ['it is no index at all', () => '\0\n\n{}\n'],
  ] as const) {
    it(`is not trusted if ${what}`, async () => {
      const { summaries } = await session();
      const [file = ''] = readdirSync(indexFolder());
      const path = join(indexFolder(), file);
      writeFileSync(path, damage(readFileSync(path, 'latin1')), 'latin1');
      await new CatalogueIndex({ folder: indexFolder(), files: new IssueFileReader(folder().join('issues'), NUMBERED_SCHEMA) }).load(() =>
        assert.fail('it was trusted'),
      );
      const { store, disk } = await nextSession();
      assert.equal(reads(disk).length, 4);
      assert.deepEqual(await store.listSummaries(), summaries);
    });
  }

  it('is not taken from another writer, nor for another store', async () => {
    await session({ indexWriter: '1.0' });
    assert.equal(reads((await nextSession({ indexWriter: '1.1' })).disk).length, 4);
    assert.deepEqual(readdirSync(indexFolder()), [], 'nobody reads it again');
    await session({ indexWriter: '1.0' });
    assert.equal(reads((await nextSession({ indexWriter: '1.0' })).disk).length, 0);
    folder().write('other/issues/000001_a.md', '# Other\n');
    const { options, disk } = byHand();
    await open({ ...options, indexFolder: indexFolder(), indexWriter: '1.0' }, folder().join('other'));
    assert.equal(disk.count('read', 'readSync'), 1);
    assert.equal(readdirSync(indexFolder()).length, 1);
  });

  for (const [when, act] of [
    ['loaded', () => nextSession()],
    ['saved', () => session()],
  ] as const) {
    it(`takes with it what nobody reads any more when it is ${when}`, async () => {
      // Another store of the same workspace.
      folder().write('other/issues/000001_a.md', '# Other\n');
      const { store } = await open({ indexFolder: indexFolder(), watch: byHand().options.watch }, folder().join('other'));
      await store.saveIndex();
      await session();
      const current = readdirSync(indexFolder()).sort();
      assert.equal(current.length, 2);
      const [mine = ''] = current;
      const text = readFileSync(join(indexFolder(), mine), 'latin1');
      const path = (name: string) => join('storage/index', name);
      folder().writeAll({
        [path('AAAAAAAAAAAAAAAAAAAAAAAA.index')]: Buffer.from(text.replace(/"format":\d+/, '"format":1'), 'latin1'),
        [path('BBBBBBBBBBBBBBBBBBBBBBBB.index')]: Buffer.from(text.replace('"writer":""', '"writer":"0.1.0"'), 'latin1'),
        [path('CCCCCCCCCCCCCCCCCCCCCCCC.index')]: Buffer.from(text, 'latin1'),
        [path('DDDDDDDDDDDDDDDDDDDDDDDD.index')]: '{"format":',
        [path('EEEEEEEEEEEEEEEEEEEEEEEE.index')]: 'null\n',
        [path('summaries.json')]: '{}',
        [path(`${mine}-1.tmp`)]: text,
        [path(`${mine}-2.tmp`)]: text,
      });
      const longAgo = new Date(Date.now() - 3_600_000);
      utimesSync(folder().join(path(`${mine}-1.tmp`)), longAgo, longAgo);
      await act();
      assert.deepEqual(readdirSync(indexFolder()).sort(), [...current, `${mine}-2.tmp`].sort());
    });
  }

  it('of another format is removed when it is loaded, and that of the store is written anew', async () => {
    await session();
    const [file = ''] = readdirSync(indexFolder());
    const path = join(indexFolder(), file);
    writeFileSync(path, readFileSync(path, 'latin1').replace(/"format":\d+/, '"format":1'), 'latin1');
    const { store } = await nextSession();
    assert.deepEqual(readdirSync(indexFolder()), []);
    await store.saveIndex();
    assert.deepEqual(readdirSync(indexFolder()), [file]);
  });

  it('is only logged where it cannot be kept', async () => {
    folder().write('storage/index', 'a file in the way');
    const warnings: unknown[] = [];
    const logger = { debug() {}, info() {}, warn: (text: unknown) => void warnings.push(text), error: assert.fail };
    const { store } = await nextSession({ logger });
    await store.saveIndex();
    assert.equal(warnings.length, 1);
    assert.match(String(warnings[0]), /could not be saved/);
    await assertEqualToDisk(store);
  });
});
