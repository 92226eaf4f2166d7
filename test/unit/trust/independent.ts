/** What a store must know, by means that share nothing with it: plain reads of the disk and rules written down a second time. */
import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueChange } from '../../../src/core/catalogue/issueCatalogue.ts';
import type { IssueSummary } from '../../../src/core/issue/issue.ts';
import type { IssueStore } from '../../../src/core/store/issueStore.ts';

/** A larger file is not read. */
export const READ_LIMIT_BYTES = 16 * 1024 * 1024;

/** One row of the tree, as far as a plain reading can tell. */
export interface Row {
  readonly key: string;
  readonly id: string;
  readonly number: number | undefined;
  readonly completed: boolean;
  readonly title: string;
  readonly size: number;
  readonly problem: string | undefined;
}

export const rowOf = ({ key, id, number, state, title, size, problem }: IssueSummary): Row => {
  return { key, id, number, completed: state === 'done', title, size, problem: problem?.code };
};

/** In the order of every list: numbered first, then by number, by id, active before completed. */
function inOrder(a: Row, b: Row): number {
  const numbers = [a, b].map(({ number }) => number ?? 1_000_000) as [number, number];
  return numbers[0] - numbers[1] || (a.id < b.id ? -1 : Number(a.id > b.id)) || Number(a.completed) - Number(b.completed);
}

/** What is on the disk. The texts of these tests begin with their title. That of a file which is too large to be read is its size and inode. */
export function readRows(store: string): { readonly rows: Row[]; readonly texts: Map<string, string> } {
  const found = readAtRest(store);
  const texts = new Map([...found].map(([key, { text }]) => [key, text] as const));
  const rows = [...found].map(([key, { text, size }]) => {
    const completed = key.startsWith('complete/');
    const id = completed ? key.slice('complete/'.length) : key;
    const digits = /^(\d{6})(?:_|$)/.exec(id)?.[1];
    const problem = size > READ_LIMIT_BYTES ? 'tooLarge' : undefined;
    const title = problem === undefined ? firstLine(text) : id.replace(/^\d{6}_/, '');
    return {
      key,
      id,
      number: digits === undefined ? undefined : Number(digits),
      completed,
      title,
      size,
      problem,
    };
  });
  return { rows: rows.sort(inOrder), texts };
}

/** The title of a text of these tests: a file made longer than that has zeros after it. */
export function firstLine(text: string): string {
  return text.split(/[\n\0]/, 1)[0] ?? '';
}

interface Found {
  readonly text: string;
  readonly size: number;
}

/** Follows a link to the store, but none in the place of `complete`. */
function readOnce(store: string): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const below of ['', 'complete/']) {
    const folder = join(store, below);
    const stat = below === '' ? statSync(store, { throwIfNoEntry: false }) : lstatSync(join(store, 'complete'), { throwIfNoEntry: false });
    for (const name of stat?.isDirectory() ? readdirSync(folder) : []) {
      if (name.endsWith('.md')) {
        const { size, ino } = lstatSync(join(folder, name));
        const text = size > READ_LIMIT_BYTES ? `${size} bytes in ${ino}` : readFileSync(join(folder, name), 'utf8');
        found.set(below + name.slice(0, -'.md'.length), { text, size });
      }
    }
  }
  return found;
}

/** Reads again where a file went between the listing and the reading. */
function readAtRest(store: string): Map<string, Found> {
  for (;;) {
    try {
      return readOnce(store);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        throw error;
      }
    }
  }
}

/** A view that knows nothing but what the events of a store say, as the tree does. */
export class Follower {
  readonly #known = new Map<string, IssueSummary>();

  constructor({ onDidChange }: Pick<IssueStore, 'onDidChange'>) {
    onDidChange((change) => this.#apply(change));
  }

  get rows(): Row[] {
    return [...this.#known.values()].map(rowOf).sort(inOrder);
  }

  /** What a view could not follow throws, and the store logs it. */
  #apply({ added, changed, removed }: IssueChange): void {
    for (const { key } of removed) {
      assert.ok(this.#known.delete(key), `removed, but never added: ${key}`);
    }
    for (const issue of added) {
      assert.ok(!this.#known.has(issue.key), `added twice: ${issue.key}`);
      this.#known.set(issue.key, issue);
    }
    for (const issue of changed) {
      assert.ok(this.#known.has(issue.key), `changed, but never added: ${issue.key}`);
      this.#known.set(issue.key, issue);
    }
  }
}

/** Fails unless lists, catalogue, events and texts, those from the cache among them, are what the disk says. */
export async function assertTrue(store: IssueStore, follower: Follower): Promise<void> {
  assert.ok(store.folder !== undefined);
  const { rows, texts } = readRows(store.folder);
  assert.deepEqual(store.catalogue.summaries().map(rowOf), rows, 'the catalogue');
  assert.deepEqual(follower.rows, rows, 'what the events sum up to');
  assert.deepEqual((await store.listSummaries()).map(rowOf), rows, 'the list');
  const [active, completed] = [rows.filter((row) => !row.completed), rows.filter((row) => row.completed)];
  assert.deepEqual(store.catalogue.active.map(rowOf), active, 'the active ones');
  assert.deepEqual(store.catalogue.completed.map(rowOf), completed, 'the completed ones');
  for (const summary of await store.listSummaries()) {
    assert.equal(store.filePathOf(summary), join(store.folder, `${summary.key}.md`));
    if (summary.problem !== undefined) {
      await assert.rejects(store.getIssue({ key: summary.key }), { code: 'tooLarge' }, `the problem of ${summary.key}`);
      continue;
    }
    const issue = await store.getIssue({ key: summary.key });
    assert.equal(issue.content, texts.get(summary.key), `the text of ${summary.key}`);
    assert.equal(issue.version, summary.version, `the version of ${summary.key}`);
  }
  for (const number of new Set(rows.map((row) => row.number).filter((each) => each !== undefined))) {
    const meant = [...active, ...completed].find((row) => row.number === number);
    if (meant?.problem === undefined) {
      assert.equal((await store.getIssue(number)).key, meant?.key, `the meaning of ${number}`);
    } else {
      await assert.rejects(store.getIssue(number), { code: 'tooLarge' }, `the problem of ${number}`);
    }
  }
}
