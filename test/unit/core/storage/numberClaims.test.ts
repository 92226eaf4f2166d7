import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { NumberClaims } from '../../../../src/core/storage/numberClaims.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { fileStorage, NUMBERED_SCHEMA } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const claimName = (number: number) => `.markdown-issues-${String(number).padStart(6, '0')}.tmp`;
const drafts = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `${index}`, content: `text ${index}` }));

describe('number claims', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().path, disk });
  });

  const names = () => readdirSync(folder().path).sort();
  const create = async (count: number) => (await storage.createIssuesBatch(drafts(count))).issues.map(({ number }) => number);

  it('pass over a number that somebody else is creating, or was when it crashed', async () => {
    folder().writeAll({ '000004_a.md': '', [claimName(5)]: 'theirs', [claimName(6)]: 'theirs' });
    assert.equal((await storage.createIssue('b', 'ours')).number, 7);
    assert.deepEqual(names(), [claimName(5), claimName(6), '000004_a.md', '000007_b.md'].sort());
    assert.equal(folder().read(claimName(5)), 'theirs');
  });

  it('pass over a number whose claim is made at the last moment', async () => {
    disk.before({ method: 'claim', nth: 1 }, ({ path }) => writeFileSync(path, 'theirs'));
    assert.equal((await storage.createIssue('b', '')).number, 2);
  });

  it('leave a gap in a batch where one number is claimed', async () => {
    folder().write(claimName(2), 'theirs');
    assert.deepEqual(await create(3), [1, 3, 4]);
    assert.deepEqual(names(), ['000001_0.md', '000003_1.md', '000004_2.md', claimName(2)].sort());
  });

  for (const [title, path] of [
    ['active', '000001_theirs.md'],
    ['completed', 'complete/000001_theirs.md'],
  ] as const) {
    it(`are given up for a number that is that of an issue between the two looks: ${title}`, async () => {
      disk.before({ method: 'claim', nth: 1 }, () => folder().write(path, 'theirs'));
      assert.equal((await storage.createIssue('ours', '')).number, 2);
      assert.deepEqual(Object.keys(folder().contents()), [path, '000002_ours.md'].sort());
    });
  }

  it('see an issue that is completed during the second look', async () => {
    disk.before({ method: 'claim', nth: 1 }, () => folder().write('000001_theirs.md', 'theirs'));
    // Each look lists two folders: this is between the two of the second.
    disk.before({ method: 'list', nth: 4 }, () => {
      folder().write('complete/000001_theirs.md', 'theirs');
      folder().remove('000001_theirs.md');
    });
    assert.equal((await storage.createIssue('ours', '')).number, 2);
  });

  it('are given up one by one in a batch, for higher numbers', async () => {
    disk.before({ method: 'claim', nth: 1 }, () => folder().writeAll({ '000002_x.md': '', 'complete/000007_y.md': '' }));
    assert.deepEqual(await create(3), [1, 3, 8]);
    assert.deepEqual(names(), ['000001_0.md', '000002_x.md', '000003_1.md', '000008_2.md', 'complete']);
  });

  it('are held until the file is there, and never longer', async () => {
    const pause = disk.pause({ method: 'create' });
    const creating = storage.createIssue('a', '');
    await pause.reached;
    assert.deepEqual(names(), [claimName(1)]);
    const other = fileStorage({ folder: folder().path });
    assert.equal((await other.createIssue('b', '')).number, 2);
    pause.resume();
    assert.equal((await creating).number, 1);
    assert.deepEqual(names(), ['000001_a.md', '000002_b.md']);
  });

  it('do not write to a claim that another process has made anew', async () => {
    disk.before({ method: 'create', nth: 1 }, () => folder().write(claimName(1), 'as long as ours!'));
    assert.equal((await storage.createIssue('a', 'text')).number, 2);
    assert.deepEqual(folder().contents(), { [claimName(1)]: 'as long as ours!', '000002_a.md': 'text' });
  });

  it('are made again when they were cleaned away', async () => {
    disk.before({ method: 'create', nth: 1 }, () => folder().remove(claimName(1)));
    assert.equal((await storage.createIssue('a', 'text')).content, 'text');
    assert.equal(disk.count('create'), 2);
    assert.deepEqual(names(), ['000001_a.md']);
  });

  it('that another process has made anew are not given back for it', async () => {
    const claims = new NumberClaims(disk, { folder: folder().path, schema: NUMBERED_SCHEMA });
    const theirs = new NumberClaims(new NodeDisk(), { folder: folder().path, schema: NUMBERED_SCHEMA });
    await claims.take(1, async () => undefined);
    // As when this process was held up for so long that its claim was cleaned away.
    folder().remove(claimName(1));
    assert.deepEqual(await theirs.take(1, async () => undefined), [1]);
    await claims.release();
    assert.deepEqual(names(), [claimName(1)]);
    await theirs.spend(1, folder().join('000001_theirs.md'), Buffer.from('theirs'));
    assert.deepEqual(folder().contents(), { '000001_theirs.md': 'theirs' });
  });

  for (const method of ['claim', 'create'] as const) {
    it(`are all given back when a ${method} fails`, async () => {
      disk.fail({ method, nth: 20 }, 'ENOSPC');
      await assert.rejects(create(30), { code: 'notWritable', message: /disk is full/ });
      assert.deepEqual(names(), []);
    });
  }

  it('are all given back when the second look fails', async () => {
    disk.fail({ method: 'list', nth: 3 }, 'EACCES');
    await assert.rejects(create(3), { code: 'unreadable' });
    assert.deepEqual(names(), []);
  });

  it('end at 999999, also when only claims are in the way', async () => {
    folder().writeAll({ '999997_a.md': '', [claimName(999_998)]: '' });
    await assert.rejects(create(2), { code: 'outOfNumbers' });
    assert.deepEqual(names(), [claimName(999_998), '999997_a.md']);
    assert.deepEqual(await create(1), [999_999]);
    await assert.rejects(create(1), { code: 'outOfNumbers' });
  });
});
