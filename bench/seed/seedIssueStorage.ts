import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * The algorithm that this project started from, kept as the benchmarks' yardstick and used by nothing else.
 *
 * It finds an issue by listing the folder and reading every file in it, one after another; it creates by listing everything
 * for the highest number; it updates and completes by getting first; its batches are loops. Left out is what the original
 * does beside that and what would only slow it down: checks of names, logging, locks.
 */
export class SeedIssueStorage {
  readonly #folder: string;
  readonly #completed: string;
  readonly #reader: SeedReader;

  constructor(folder: string, reader: SeedReader = promiseReader) {
    this.#folder = folder;
    this.#completed = join(folder, 'complete');
    this.#reader = reader;
  }

  async listIssues(): Promise<SeedIssue[]> {
    const issues = [...(await this.#listFolder(this.#folder)), ...(await this.#listFolder(this.#completed))];
    return issues.sort((a, b) => a.number - b.number);
  }

  async getIssue(number: number): Promise<SeedIssue> {
    for (const folder of [this.#folder, this.#completed]) {
      const found = (await this.#listFolder(folder)).find((issue) => issue.number === number);
      if (found !== undefined) {
        return found;
      }
    }
    throw new Error(`There is no issue ${number}.`);
  }

  async createIssue(name: string, content: string): Promise<SeedIssue> {
    const numbers = (await this.listIssues()).map((issue) => issue.number);
    const number = Math.max(0, ...numbers) + 1;
    const filePath = join(this.#folder, `${String(number).padStart(6, '0')}_${name}.md`);
    await writeFile(filePath, content);
    return { number, name, content, completed: false, filePath };
  }

  async updateIssue(number: number, content: string): Promise<SeedIssue> {
    const issue = await this.getIssue(number);
    const temporary = issue.filePath.replace(/\.md$/, '.tmp');
    await writeFile(temporary, content);
    await rename(temporary, issue.filePath);
    return { ...issue, content };
  }

  async markComplete(number: number): Promise<SeedIssue> {
    const issue = await this.getIssue(number);
    if (issue.completed) {
      return issue;
    }
    await mkdir(this.#completed, { recursive: true });
    const filePath = join(this.#completed, basename(issue.filePath));
    await rename(issue.filePath, filePath);
    return { ...issue, completed: true, filePath };
  }

  async createIssuesBatch(drafts: readonly (readonly [name: string, content: string])[]): Promise<SeedIssue[]> {
    const results: SeedIssue[] = [];
    for (const [name, content] of drafts) {
      results.push(await this.createIssue(name, content));
    }
    return results;
  }

  async getIssuesBatch(numbers: readonly number[]): Promise<SeedIssue[]> {
    const results: SeedIssue[] = [];
    for (const number of numbers) {
      results.push(await this.getIssue(number));
    }
    return results;
  }

  async updateIssuesBatch(updates: readonly (readonly [number: number, content: string])[]): Promise<SeedIssue[]> {
    const results: SeedIssue[] = [];
    for (const [number, content] of updates) {
      results.push(await this.updateIssue(number, content));
    }
    return results;
  }

  async markCompleteBatch(numbers: readonly number[]): Promise<SeedIssue[]> {
    const results: SeedIssue[] = [];
    for (const number of numbers) {
      results.push(await this.markComplete(number));
    }
    return results;
  }

  async #listFolder(folder: string): Promise<SeedIssue[]> {
    const completed = folder === this.#completed;
    const issues: SeedIssue[] = [];
    for (const fileName of await this.#reader.list(folder)) {
      const [, number, name] = FILE_NAME.exec(fileName) ?? [];
      if (number !== undefined && name !== undefined) {
        const filePath = join(folder, fileName);
        issues.push({ number: Number(number), name, content: await this.#reader.read(filePath), completed, filePath });
      }
    }
    return issues.sort((a, b) => a.number - b.number);
  }
}

export interface SeedIssue {
  readonly number: number;
  readonly name: string;
  readonly content: string;
  readonly completed: boolean;
  readonly filePath: string;
}

/** How the seed gets at the disk. */
export interface SeedReader {
  /** Names in a folder; none if there is no such folder. */
  list(folder: string): Promise<string[]>;
  read(filePath: string): Promise<string>;
}

const FILE_NAME = /^(\d{6})_(.*)\.md$/;

/** The plain translation of the original's asynchronous code. */
export const promiseReader: SeedReader = {
  list: (folder) => readdir(folder).catch(emptyIfMissing),
  read: (filePath) => readFile(filePath, 'utf8'),
};

/** The kindest reading of the algorithm: on a warm page cache, synchronous calls are several times cheaper in Node. */
export const synchronousReader: SeedReader = {
  async list(folder) {
    try {
      return readdirSync(folder);
    } catch (error) {
      return emptyIfMissing(error);
    }
  },
  read: async (filePath) => readFileSync(filePath, 'utf8'),
};

function emptyIfMissing(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return [];
  }
  throw error;
}
