import assert from 'node:assert/strict';
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NodeDisk } from '../../src/core/disk/nodeDisk.ts';
import type { IssueSummary } from '../../src/core/issue/issue.ts';
import { isCompleted } from '../../src/core/issue/issueState.ts';
import { IssueStore } from '../../src/core/store/issueStore.ts';
import { SETTINGS } from './support/openStore.ts';
import { fileStorage } from './support/storages.ts';
import { TemporaryFolder } from './support/temporaryFolder.ts';

/** What a file of the corpus is, read by means that share nothing with the core. */
interface Expected {
  readonly id: string;
  readonly completed: boolean;
  readonly number: number | undefined;
  readonly bytes: Buffer;
}

/** A real store to read: `ISSUE_CORPUS`, else the one beside the project, where it is there. */
function findCorpus(): string | undefined {
  let root = dirname(fileURLToPath(import.meta.url));
  // The tests run from where they were built to.
  while (!existsSync(join(root, 'package.json'))) {
    root = dirname(root);
  }
  const folder = process.env.ISSUE_CORPUS ?? join(root, '..', 'shared', 'corpus', 'issues');
  return existsSync(folder) ? folder : undefined;
}

function readCorpus(folder: string): Map<string, Expected> {
  const found = new Map<string, Expected>();
  for (const [below, completed] of [
    ['', false],
    ['complete', true],
  ] as const) {
    for (const name of existsSync(join(folder, below)) ? readdirSync(join(folder, below)) : []) {
      const path = join(folder, below, name);
      if (/.\.md$/.test(name) && lstatSync(path).isFile()) {
        const id = name.replace(/\.md$/, '');
        const digits = /^(\d{6})(?:_.*)?$/s.exec(id)?.[1];
        found.set(below === '' ? id : `${below}/${id}`, {
          id,
          completed,
          number: digits === undefined ? undefined : Number.parseInt(digits, 10),
          bytes: readFileSync(path),
        });
      }
    }
  }
  return found;
}

const corpus = findCorpus();
if (corpus !== undefined) {
  describe(`the store in ${corpus}`, () => {
    let folder: TemporaryFolder;
    let expected: Map<string, Expected>;
    let store: IssueStore;

    before(async () => {
      expected = readCorpus(corpus);
      folder = new TemporaryFolder();
      cpSync(corpus, folder.join('issues'), { recursive: true, preserveTimestamps: true });
      const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: (error: unknown) => assert.fail(String(error)) };
      store = new IssueStore({ root: folder.path, settings: SETTINGS, logger, disk: new NodeDisk() });
      await store.open();
    });

    after(() => {
      store.dispose();
      folder.dispose();
    });

    const keysOf = (issues: readonly { readonly key: string }[]) => issues.map(({ key }) => key).sort();

    it('holds the issues that an independent reading finds, active and completed', async () => {
      assert.ok(expected.size > 0);
      assert.deepEqual(keysOf(await store.listSummaries()), [...expected.keys()].sort());
      const active = [...expected.values()].filter(({ completed }) => !completed).length;
      const { activeIssues, completedIssues } = store.snapshot();
      assert.deepEqual([activeIssues, completedIssues], [active, expected.size - active]);
      assert.equal(await store.for('test').allComplete(), active === 0);
    });

    it('has the id, number, folder and text of each, to the byte', async () => {
      const issues = await store.listIssues();
      assert.equal(issues.length, expected.size);
      for (const issue of issues) {
        const { id, number, completed, bytes } = expected.get(issue.key) ?? assert.fail(issue.key);
        assert.deepEqual([issue.id, issue.number, isCompleted(issue)], [id, number, completed]);
        assert.ok(Buffer.from(issue.content, 'utf8').equals(bytes), issue.key);
        assert.equal(issue.problem, undefined, issue.key);
        assert.ok(issue.title.length > 0 && !/[\r\n]/.test(issue.title), issue.key);
      }
    });

    it('is called by a section’s name only where that comes first', async () => {
      for (const { title, content, key } of await store.listIssues()) {
        const isSection = /^(?:proposed solution|goal|overview|problem|description|requirements|summary)$/i.test(title);
        assert.ok(!isSection || /^\s*#+ /.test(content), key);
      }
    });

    it('has different versions if and only if the bytes differ', async () => {
      const versions = new Map((await store.listSummaries()).map(({ key, version }) => [key as string, version]));
      const byBytes = new Map<string, Set<string>>();
      for (const [key, { bytes }] of expected) {
        const same = byBytes.get(bytes.toString('latin1')) ?? new Set();
        byBytes.set(bytes.toString('latin1'), same.add(versions.get(key) ?? assert.fail(key)));
      }
      assert.ok([...byBytes.values()].every((same) => same.size === 1));
      assert.equal(new Set(versions.values()).size, byBytes.size);
    });

    it('is the same through every layer', async () => {
      const plain = fileStorage({ folder: folder.join('issues') });
      assert.deepEqual(await store.listIssues(), await plain.listIssues());
      assert.deepEqual(await store.listSummaries(), await plain.listSummaries());
      const summaries = await plain.listSummaries();
      const [batch, again] = [await store.getIssues(summaries), await store.getIssues(summaries)];
      assert.deepEqual(batch, await plain.getIssuesBatch(summaries));
      assert.deepEqual(again, batch);
      for (const summary of summaries) {
        assert.deepEqual(await store.getIssue(summary), await plain.getIssue(`${summary.key}.md`), summary.key);
      }
    });

    it('finds each issue by its number and its id, as far as they are its own', async () => {
      const count = (isSame: (other: Expected) => boolean) => [...expected.values()].filter(isSame).length;
      for (const [key, { id, number }] of expected) {
        if (count((other) => other.id === id) === 1) {
          assert.equal((await store.getIssue(id)).key, key);
        }
        if (number !== undefined && count((other) => other.number === number) === 1) {
          assert.equal((await store.getIssue(`#${number}`)).key, key);
        }
      }
    });

    it('goes through an edit of every file, and back, without a byte changed elsewhere', async () => {
      const before = await store.listSummaries();
      const versionOf = (summaries: readonly IssueSummary[]) => summaries.map(({ key, version }) => `${key} ${version}`);
      const issues = await store.getIssues(before);
      const updates = issues.map(({ key, content, version }) => ({ ref: { key }, content: `${content}x`, expectedVersion: version }));
      const { undo } = await store.for('test').updateIssuesBatch(updates);
      for (const [key, { bytes }] of readCorpus(folder.join('issues'))) {
        assert.ok(bytes.equals(Buffer.concat([expected.get(key)?.bytes ?? assert.fail(key), Buffer.from('x')])), key);
      }
      await store.write(undo);
      assert.deepEqual(readCorpus(folder.join('issues')), expected);
      assert.deepEqual(versionOf(await store.listSummaries()), versionOf(before));
    }).timeout(30_000);
  });
}
