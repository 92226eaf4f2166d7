import assert from 'node:assert/strict';
import { readdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { IssueKey, IssueRef } from '../../../../src/core/issue/issue.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { ManualTime } from '../../support/manualTime.ts';
import { fileStorage } from '../../support/storages.ts';
import { TemporaryFolder, useTemporaryFolder } from '../../support/temporaryFolder.ts';

/** Every name form that was seen in real stores, and some that repeat a number or an id. */
const STORE = {
  '000012_fix-login.md': '',
  '000013.md': '',
  '000161_a.md': '',
  '000161_b.md': '',
  '000184.md': '',
  '000184_implement_yaml_config_loading.md': '',
  '01K2SVHQSCC5GTA4X8P1GJ7CD3.md': '',
  'cli_000006_main-cli-integration.md': '',
  '~tilde.md': '',
  '000182_000182_memoranda.md': '',
  '0-fix-git-changes.md': '',
  'with space.md': '',
  '12.md': '',
  'both.md': 'active',
  'complete/both.md': 'completed',
  'complete/000007_done.md': '',
  'complete/000161_0.md': '',
  'complete/000200_x.md': '',
  '000200_y.md': '',
};

/** What a reader gets for a reference; undefined for nothing. */
const MEANINGS: readonly [IssueRef, string | undefined][] = [
  [13, '000013'],
  ['13', '000013'],
  ['#13', '000013'],
  ['000013', '000013'],
  ['#000013', '000013'],
  [' 13 ', '000013'],
  ['000013.md', '000013'],
  [12, '000012_fix-login'],
  ['#12', '000012_fix-login'],
  ['12', '12'],
  ['000012', '000012_fix-login'],
  ['000012_fix-login', '000012_fix-login'],
  ['000012_fix-login.md', '000012_fix-login'],
  ['fix-login', undefined],
  [161, '000161_a'],
  ['000161_b', '000161_b'],
  ['complete/000161_0', 'complete/000161_0'],
  ['complete/000161_0.md', 'complete/000161_0'],
  ['000161_0', 'complete/000161_0'],
  [184, '000184'],
  ['000184', '000184'],
  [200, '000200_y'],
  [7, 'complete/000007_done'],
  ['000007_done.md', undefined],
  [182, '000182_000182_memoranda'],
  ['01K2SVHQSCC5GTA4X8P1GJ7CD3', '01K2SVHQSCC5GTA4X8P1GJ7CD3'],
  ['cli_000006_main-cli-integration', 'cli_000006_main-cli-integration'],
  [6, undefined],
  ['~tilde', '~tilde'],
  ['0-fix-git-changes', '0-fix-git-changes'],
  [0, undefined],
  ['with space', 'with space'],
  ['both', 'both'],
  ['complete/both', 'complete/both'],
  [{ key: issueKey('both', true) }, 'complete/both'],
  [{ key: issueKey('both', false) }, 'both'],
  [{ key: issueKey('nothing', false) }, undefined],
  [1.5, undefined],
  [-12, undefined],
  [Number.NaN, undefined],
  [1_000_000, undefined],
  ['0000013', undefined],
  ['', undefined],
  ['#', undefined],
  ['complete/', undefined],
  ['.md', undefined],
  ['..', undefined],
  ['.', undefined],
  ['complete/..', undefined],
  ['x'.repeat(5_000), undefined],
];

/** References to files that are there, but are none of the store's. */
const OUTSIDE: readonly IssueRef[] = [
  '../outside',
  '../outside.md',
  './000013',
  'complete/../000013',
  'complete/../../outside',
  'complete/complete/nested',
  'pending/waiting',
  'pending/waiting.md',
  '/etc/passwd',
  '.#000013',
  'complete/._000013.md',
  'a\0b',
  { key: '../outside' as IssueKey },
  { key: 'pending/waiting' as IssueKey },
  { key: 'complete/../../outside' as IssueKey },
];

const titleOf = (ref: IssueRef) => JSON.stringify(ref)?.slice(0, 60) ?? String(ref);

describe('references to issues', () => {
  let folder: TemporaryFolder;
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  before(() => {
    folder = new TemporaryFolder();
    for (const [path, content] of Object.entries(STORE)) {
      folder.write(`issues/${path}`, content);
    }
    folder.writeAll({ 'outside.md': 'secret', 'issues/pending/waiting.md': '', 'issues/complete/complete/nested.md': '' });
  });

  after(() => folder.dispose());

  beforeEach(() => {
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder.join('issues'), disk, clock: new ManualTime(Date.now() + 60_000) });
  });

  for (const [ref, key] of MEANINGS) {
    it(`${titleOf(ref)} means ${key ?? 'nothing'}`, async () => {
      if (key === undefined) {
        await assert.rejects(storage.getIssue(ref), { name: 'IssueNotFoundError', code: 'notFound' });
        await assert.rejects(storage.getIssuesBatch([ref]), { name: 'IssueNotFoundError' });
        await assert.rejects(storage.updateIssue(ref, 'x'), { name: 'IssueNotFoundError' });
        await assert.rejects(storage.deleteIssuesBatch([ref]), { name: 'IssueNotFoundError' });
        return;
      }
      const issue = await storage.getIssue(ref);
      assert.equal(issue.key, key);
      assert.deepEqual(await storage.getIssuesBatch([ref]), [issue]);
    });
  }

  for (const ref of [...OUTSIDE, `${dirname('/tmp/x')}/outside`]) {
    it(`${titleOf(ref)} leads nowhere, and is not even looked at`, async () => {
      await assert.rejects(storage.getIssue(ref), { code: 'notFound' });
      await assert.rejects(storage.updateIssue(ref, 'x'), { code: 'notFound' });
      await assert.rejects(storage.rename(ref, 'x'), { code: 'notFound' });
      await assert.rejects(storage.markComplete(ref), { code: 'notFound' });
      await assert.rejects(storage.deleteIssue(ref), { code: 'notFound' });
      await assert.rejects(storage.deleteIssuesBatch([ref]), { code: 'notFound' });
      assert.deepEqual(
        disk.calls.filter(({ path }) => path.endsWith('.md')),
        [],
      );
      assert.equal(folder.read('outside.md'), 'secret');
    });
  }

  it('a backslash is a character as any other where files can have one in their names', async () => {
    folder.write('issues/a\\b.md', 'backslash');
    try {
      assert.equal((await storage.getIssue('a\\b')).content, 'backslash');
      assert.equal((await storage.getIssue('..\\outside').catch(({ code }) => code)) as unknown, 'notFound');
    } finally {
      folder.remove('issues/a\\b.md');
    }
  });

  describe('for writing', () => {
    const ambiguous: readonly [IssueRef, readonly string[]][] = [
      [161, ['000161_a.md', '000161_b.md', 'complete/000161_0.md']],
      ['#161', ['000161_a.md', '000161_b.md', 'complete/000161_0.md']],
      ['000184', ['000184.md', '000184_implement_yaml_config_loading.md']],
      ['12', ['12.md', '000012_fix-login.md']],
      ['both', ['both.md', 'complete/both.md']],
      [200, ['000200_y.md', 'complete/000200_x.md']],
    ];
    for (const [ref, candidates] of ambiguous) {
      it(`${titleOf(ref)} is refused, and the candidates are named`, async () => {
        const refused = { name: 'AmbiguousIssueError', code: 'ambiguous', candidates };
        await assert.rejects(storage.updateIssue(ref, 'x'), refused);
        await assert.rejects(storage.markComplete(ref), refused);
        await assert.rejects(storage.reopen(ref), refused);
        await assert.rejects(storage.rename(ref, 'x'), refused);
        await assert.rejects(storage.deleteIssue(ref), refused);
        await assert.rejects(storage.updateIssuesBatch([{ ref, content: 'x' }]), refused);
        await assert.rejects(storage.markCompleteBatch([ref]), refused);
        await assert.rejects(storage.deleteIssuesBatch([ref]), (error: Error) => candidates.every((name) => error.message.includes(name)));
        assert.deepEqual(disk.writes, []);
      });
    }

    it('the exact path is enough', async () => {
      assert.equal((await storage.updateIssue('000184.md', 'new')).key, '000184');
      assert.equal((await storage.updateIssue('complete/both', 'new')).key, 'complete/both');
      assert.equal((await storage.updateIssue({ key: issueKey('both', false) }, 'newer')).key, 'both');
      assert.equal(folder.read('issues/complete/both.md'), 'new');
      assert.equal(folder.read('issues/both.md'), 'newer');
    });
  });

  describe('cost', () => {
    it('a get by id or key lists nothing and reads one file', async () => {
      await storage.getIssue('000161_b');
      await storage.getIssue('complete/000161_0');
      await storage.getIssue({ key: issueKey('both', true) });
      await storage.getIssue('with space.md');
      assert.deepEqual(
        disk.calls.map(({ method }) => method),
        // The stats make sure that the folder of completed issues is no link.
        ['read', 'stat', 'read', 'stat', 'read', 'read'],
      );
    });

    it('an update by id or key lists nothing and touches one file', async () => {
      await storage.updateIssue('000161_b', 'new text');
      await storage.updateIssue({ key: issueKey('000161_b', false) }, 'newer text');
      assert.equal(disk.count('list'), 0);
      assert.equal(disk.count('read', 'readSync'), 2);
      assert.equal(disk.count('replace'), 2);
    });

    it('by number finds what has come and what has gone meanwhile', async () => {
      await storage.getIssue(12);
      folder.write('issues/complete/000500_new.md', 'new');
      assert.equal((await storage.getIssue(500)).content, 'new');
      folder.remove('issues/complete/000500_new.md');
      await assert.rejects(storage.getIssue(500), { code: 'notFound' });
    });
  });
});

describe('what is no issue file', () => {
  const folder = useTemporaryFolder();

  it('a directory with the name of an issue hides neither its namesake nor anything else', async () => {
    const storage = fileStorage({ folder: folder().path });
    folder().makeFolder('000001_x.md');
    await assert.rejects(storage.getIssue('000001_x'), { code: 'notFound' });
    await assert.rejects(storage.getIssue(1), { code: 'notFound' });
    await assert.rejects(storage.updateIssue('000001_x', ''), { code: 'notFound' });
    folder().writeAll({ 'complete/000001_x.md': 'completed', 'other.md': '' });
    assert.equal((await storage.getIssue('000001_x')).content, 'completed');
    assert.equal((await storage.updateIssue('000001_x', 'new')).key, 'complete/000001_x');
    assert.deepEqual(
      (await storage.listIssues()).map(({ key }) => key),
      ['complete/000001_x', 'other'],
    );
    await assert.rejects(storage.reopen('000001_x'), { code: 'exists' });
  });

  it('a symbolic link is shown as a problem and followed by nobody', async () => {
    const storage = fileStorage({ folder: folder().join('issues') });
    const secret = folder().write('secret.md', 'secret');
    folder().write('issues/a.md', 'text');
    symlinkSync(secret, folder().join('issues/link.md'));
    symlinkSync(folder().join('nowhere'), folder().join('issues/dangling.md'));
    await assert.rejects(storage.getIssue('link'), { code: 'unreadable', message: /link/ });
    await assert.rejects(storage.updateIssue('link', 'x'), { code: 'unreadable' });
    await assert.rejects(storage.markComplete('link'), { code: 'unreadable' });
    await assert.rejects(storage.rename('a', 'link'), { code: 'exists' });
    const issues = await storage.listIssues();
    assert.deepEqual(
      issues.map(({ key, content, problem }) => [key, content, problem?.code]),
      [
        ['a', 'text', undefined],
        ['dangling', '', 'symbolicLink'],
        ['link', '', 'symbolicLink'],
      ],
    );
    await storage.deleteIssue('link');
    assert.equal(folder().read('secret.md'), 'secret');
  });

  it('what other programs keep beside an issue is none', async () => {
    const storage = fileStorage({ folder: folder().join('issues') });
    folder().writeAll({ 'issues/000001_a.md': 'text', 'issues/._000001_a.md': '\0\x05\x16\x07', 'issues/complete/._b.md': '\0' });
    symlinkSync('me@host.123:456', folder().join('issues/.#000001_a.md'));
    assert.deepEqual(
      (await storage.listIssues()).map(({ key }) => key),
      ['000001_a'],
    );
    await storage.deleteIssue(1);
    assert.deepEqual(readdirSync(folder().join('issues')).sort(), ['.#000001_a.md', '._000001_a.md', 'complete']);
  });
});

describe('a number in a store that is a link, or lies under one', () => {
  const folder = useTemporaryFolder();

  for (const place of ['link', 'way/issues']) {
    it(`means what it means without the link, also when a name has come meanwhile (${place})`, async () => {
      folder().write('far/issues/000001_a.md', 'a');
      symlinkSync('far/issues', folder().join('link'), 'junction');
      symlinkSync('far', folder().join('way'), 'junction');
      // So much later that the names which were listed are kept.
      const storage = fileStorage({ folder: folder().join(place), clock: new ManualTime(Date.now() + 60_000) });
      assert.equal((await storage.getIssue(1)).id, '000001_a');
      folder().write('far/issues/000001_0.md', 'too');
      const refused = { code: 'ambiguous' };
      await assert.rejects(storage.updateIssue(1, 'mine'), refused);
      await assert.rejects(storage.markComplete(1), refused);
      await assert.rejects(storage.rename(1, 'mine'), refused);
      await assert.rejects(storage.deleteIssue(1), refused);
      assert.equal((await storage.getIssue(1)).id, '000001_0');
      assert.deepEqual(folder().contents('far/issues'), { '000001_0.md': 'too', '000001_a.md': 'a' });
    });
  }

  it('means what is in the other store once the link leads there', async () => {
    folder().writeAll({ 'one/000001_a.md': 'one', 'two/000001_b.md': 'two' });
    symlinkSync('one', folder().join('link'), 'junction');
    const storage = fileStorage({ folder: folder().join('link'), clock: new ManualTime(Date.now() + 60_000) });
    assert.equal((await storage.getIssue(1)).id, '000001_a');
    unlinkSync(folder().join('link'));
    symlinkSync('two', folder().join('link'), 'junction');
    assert.equal((await storage.updateIssue(1, 'mine')).id, '000001_b');
  });
});
