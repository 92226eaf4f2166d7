import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * The algorithm that this project started from, kept as the benchmarks' yardstick and used by nothing else.
 *
 * It finds an issue by listing the folder and reading every file in it, one after another; it creates by listing everything
 * for the highest number; it updates and completes by getting first; its batches are loops, which the cases make themselves. Left out is what the original
 * does beside that and what would only slow it down: checks of names, logging, locks.
 */
export class SeedIssueStorage {
  readonly #folder: string;
  readonly #completed: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#completed = join(folder, 'complete');
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

  async #listFolder(folder: string): Promise<SeedIssue[]> {
    const completed = folder === this.#completed;
    const issues: SeedIssue[] = [];
    for (const fileName of await readdir(folder).catch(emptyIfMissing)) {
      const [, number, name] = FILE_NAME.exec(fileName) ?? [];
      if (number !== undefined && name !== undefined) {
        const filePath = join(folder, fileName);
        issues.push({ number: Number(number), name, content: await readFile(filePath, 'utf8'), completed, filePath });
      }
    }
    return issues.sort((a, b) => a.number - b.number);
  }
}

interface SeedIssue {
  readonly number: number;
  readonly name: string;
  readonly content: string;
  readonly completed: boolean;
  readonly filePath: string;
}

const FILE_NAME = /^(\d{6})_(.*)\.md$/;

function emptyIfMissing(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return [];
  }
  throw error;
}
