/** What a store must know, by means that share nothing with it: plain reads of the disk and rules written down a second time. */
import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueChange } from '../../../src/core/catalogue/issueCatalogue.ts';
import type { IssueSummary } from '../../../src/core/issue/issue.ts';
import type { IssueStore } from '../../../src/core/store/issueStore.ts';
import type { Meaning, StoreKind } from './storeKinds.ts';

/** A larger file is not read. */
export const READ_LIMIT_BYTES = 16 * 1024 * 1024;

/** One row of the tree, as far as a plain reading can tell. */
export interface Row extends Meaning {
  readonly key: string;
  readonly size: number;
  readonly problem: string | undefined;
}

export const rowOf = ({ key, id, number, state, title, size, problem }: IssueSummary): Row => {
  return { key, id, number, state, title, size, problem: problem?.code };
};

const isCompleted = ({ state }: Row) => state === 'done' || state === 'dropped';

/** Parts that are digits and parts that are not, one after the other. */
const partsOf = (id: string) => id.split(/(\d+)/);

/** As people count: `task-2` before `task-10`. */
function byId(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  const place = one.findIndex((part, index) => part !== other[index]);
  const [x, y] = [one[place] ?? '', other[place] ?? ''];
  return place === -1 ? one.length - other.length : (place % 2 === 1 && Number(x) - Number(y)) || (x < y ? -1 : 1);
}

/** In the order of every list: first those whose id begins with their number, by it, and the rest by id; the less deep before the deeper. */
function inOrder(a: Row, b: Row): number {
  const [one, other] = [a, b].map(({ id, number }) => (/^\d/.test(id) ? (number ?? 1_000_000) : 1_000_000)) as [number, number];
  return one - other || byId(a.id, b.id) || a.key.length - b.key.length || (a.key < b.key ? -1 : Number(a.key > b.key));
}

/** What is on the disk. That of a file which is too large to be read is its size and inode. Some texts are of no issues. */
export function readRows(kind: StoreKind, store: string): { readonly rows: Row[]; readonly texts: Map<string, string> } {
  const found = readAtRest(kind, store);
  const rows = [...found].flatMap(([key, { text, size }]): Row[] => {
    const isTooLarge = size > READ_LIMIT_BYTES;
    const meaning = kind.meaning(`${key}.md`, isTooLarge ? undefined : text, store);
    return meaning === undefined ? [] : [{ key, ...meaning, size, problem: isTooLarge ? 'tooLarge' : undefined }];
  });
  return { rows: rows.sort(inOrder), texts: new Map([...found].map(([key, { text }]) => [key, text] as const)) };
}

interface Found {
  readonly text: string;
  readonly size: number;
}

function readOnce(kind: StoreKind, store: string): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const folder of kind.folders(store)) {
    for (const name of readdirSync(join(store, folder)).filter((each) => each.endsWith('.md'))) {
      const path = join(store, folder, name);
      const { size, ino } = lstatSync(path);
      const text = size > READ_LIMIT_BYTES ? `${size} bytes in ${ino}` : readFileSync(path, 'utf8');
      found.set((folder === '' ? '' : `${folder}/`) + name.slice(0, -'.md'.length), { text, size });
    }
  }
  return found;
}

/** Reads again where a file went between the listing and the reading. */
function readAtRest(kind: StoreKind, store: string): Map<string, Found> {
  for (;;) {
    try {
      return readOnce(kind, store);
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
export async function assertTrue(kind: StoreKind, store: IssueStore, follower: Follower): Promise<void> {
  assert.ok(store.folder !== undefined);
  const { rows, texts } = readRows(kind, store.folder);
  assert.deepEqual(store.catalogue.summaries().map(rowOf), rows, 'the catalogue');
  assert.deepEqual(follower.rows, rows, 'what the events sum up to');
  assert.deepEqual((await store.listSummaries()).map(rowOf), rows, 'the list');
  const [active, completed] = [rows.filter((row) => !isCompleted(row)), rows.filter(isCompleted)];
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
