import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { type Disk, READ_LIMIT } from '../../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { searchReferences } from '../../../../src/core/health/referenceSearch.ts';
import type { IssueSummary } from '../../../../src/core/issue/issue.ts';
import { useStores } from '../../support/openStore.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const HUGE = 600 * 1024 * 1024;
const TOO_LARGE = {
  name: 'IssueError',
  code: 'tooLarge',
  message: /000001_huge\.md has 600 MB and is not read: an issue has 16 MB at most/,
};

/** How much memory for bytes an action takes at most, as far as nothing was cleaned up meanwhile. */
async function bytesTakenBy(act: () => unknown): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  await act();
  return process.memoryUsage().arrayBuffers - before;
}

describe('a file that is too large to be an issue', () => {
  const { folder, open } = useStores();

  beforeEach(() => {
    folder().writeAll({ 'issues/000001_huge.md': '# Huge\n\nneedle #2\n', 'issues/000002_small.md': '# Small\n\nneedle\n' });
    truncateSync(folder().join('issues/000001_huge.md'), HUGE);
  });

  it('is a row that says so, beside the others', async () => {
    const { store } = await open();
    assert.equal(store.state, 'ready');
    const [huge, small] = await store.listSummaries();
    assert.deepEqual(
      [huge?.problem?.code, huge?.size, huge?.version, huge?.title, huge?.progress],
      ['tooLarge', HUGE, '', 'huge', undefined],
    );
    assert.match(huge?.problem?.message ?? '', TOO_LARGE.message);
    assert.equal(small?.title, 'Small');
    const { problems, differences } = await store.verify();
    assert.deepEqual([problems, differences], [1, []]);
  });

  it('is the same to a list that nothing is kept for', async () => {
    const { store } = await open();
    const storage = fileStorage({ folder: folder().join('issues') });
    assert.deepEqual(await storage.listSummaries(), await store.listSummaries());
    assert.deepEqual(
      (await storage.listIssues()).map(({ content }) => content),
      ['', '# Small\n\nneedle\n'],
    );
  });

  it('says what is wrong to whoever wants to have or write it', async () => {
    const { store } = await open();
    await assert.rejects(store.getIssue(1), TOO_LARGE);
    await assert.rejects(store.getIssues([1, 2]), TOO_LARGE);
    await assert.rejects(store.for('test').updateIssue(1, 'x'), TOO_LARGE);
    await assert.rejects(store.for('test').rename(1, 'x'), TOO_LARGE);
    await assert.rejects(store.for('test').markCompleteBatch([1]), TOO_LARGE);
    const stray = folder().write('issues/stray/000001_huge.md');
    truncateSync(stray, HUGE);
    await assert.rejects(store.write([{ kind: 'adopt', path: 'stray/000001_huge.md' }]), { code: 'tooLarge' });
  });

  it('can be deleted, and for its empty version alone', async () => {
    const { store } = await open();
    await assert.rejects(store.for('test').deleteIssue(1, { expectedVersion: 'of a text' }), { name: 'ConflictError' });
    const { undo } = await store.for('test').deleteIssuesBatch([{ ref: 1, expectedVersion: '' }]);
    assert.deepEqual(Object.keys(folder().contents()), ['issues/000002_small.md']);
    await assert.rejects(store.write(undo), { code: 'conflict' });
  });

  it('is passed over by searches and by the survey of mentions', async () => {
    const { store } = await open();
    const found: IssueSummary[] = [];
    await store.searchTexts('needle', { limit: 10, onMatch: ({ summary }) => void found.push(summary) });
    assert.deepEqual(
      found.map(({ id }) => id),
      ['000002_small'],
    );
    const small = store.catalogue.summaries().filter(({ number }) => number === 2);
    assert.deepEqual(await searchReferences(store, small), []);
  });

  it('is read again when it has become small', async () => {
    const { store } = await open();
    folder().write('issues/000001_huge.md', '# No longer\n');
    await store.refresh();
    assert.equal((await store.listSummaries())[0]?.title, 'No longer');
  });

  it('never comes into being by a write', async () => {
    const { store } = await open();
    const text = 'x'.repeat(READ_LIMIT + 1);
    const refused = { code: 'tooLarge', message: /has 17 MB, and an issue has 16 MB at most/ };
    await assert.rejects(store.for('test').createIssue('new', text), refused);
    await assert.rejects(store.for('test').updateIssue(2, text), refused);
    assert.equal((await store.for('test').createIssue('new', 'x'.repeat(READ_LIMIT))).content.length, READ_LIMIT);
  });
});

describe('NodeDisk with a file above the limit', () => {
  const folder = useTemporaryFolder();
  const disk: Disk = new NodeDisk();
  let path: string;

  beforeEach(() => {
    path = folder().write('huge.md');
    truncateSync(path, HUGE);
  });

  for (const [what, read] of [
    ['one read', () => disk.read(path)],
    ['a synchronous read', async () => disk.readSync(path)],
  ] as const) {
    it(`refuses ${what} by the size alone`, async () => {
      const refused = () => assert.rejects(read, { name: 'FileTooLargeError', code: 'EFBIG' });
      assert.ok((await bytesTakenBy(refused)) < READ_LIMIT);
    });
  }

  it('reads what is just not above it', async () => {
    truncateSync(path, READ_LIMIT);
    assert.equal((await disk.read(path)).bytes.length, READ_LIMIT);
    assert.equal(disk.readSync(path).bytes.length, READ_LIMIT);
  });
});

describe('a long text', () => {
  const { folder, open } = useStores();
  /** The limit of what is read for a row falls inside one of these. */
  const box = '- [x] 🍓🍓🍓🍓🍓 é\n';
  const text = `---\nstatus: open\n---\n# Long\n${box.repeat(60_000)}`;

  beforeEach(() => folder().write('issues/000001_long.md', text));

  it('has its title from its beginning, and nobody counts its tasks', async () => {
    assert.ok(Buffer.byteLength(text) > 1024 * 1024);
    const { store } = await open();
    const [long] = await store.listSummaries();
    assert.deepEqual([long?.title, long?.progress, long?.problem], ['Long', undefined, undefined]);
    const [listed] = await fileStorage({ folder: folder().join('issues') }).listSummaries();
    assert.deepEqual(listed, long);
    const issue = await store.getIssue(1);
    assert.deepEqual([issue.title, issue.version], ['Long', long?.version]);
  });

  it('is cut at a whole character', async () => {
    for (const shift of [0, 1, 2, 3]) {
      folder().write('issues/000001_long.md', `${'x'.repeat(shift)}${'🍓'.repeat(300_000)}`);
      const [long] = await fileStorage({ folder: folder().join('issues') }).listSummaries();
      assert.match(long?.title ?? '', /^x{0,3}🍓+…$/u);
    }
  });

  it('is searched and edited as a whole', async () => {
    const { store } = await open();
    const issue = await store.for('test').updateIssue(1, `${text}the end\n`);
    assert.equal(folder().read('issues/000001_long.md'), `${text}the end\n`);
    assert.equal(issue.title, 'Long');
    const lines: number[] = [];
    await store.searchTexts('the end', { limit: 10, onMatch: ({ line }) => void lines.push(line) });
    assert.deepEqual(lines, [60_004]);
    await store.for('test').markComplete(1);
    assert.equal(store.catalogue.summaries()[0]?.progress, undefined);
  });

  it('is counted again when it has become short', async () => {
    const { store } = await open();
    await store.for('test').updateIssue(1, `# Short\n${box}`);
    assert.deepEqual((await store.listSummaries())[0]?.progress, { done: 1, total: 1 });
  });
});
