import { join } from 'node:path';
import { assertDefined } from '../assertDefined.ts';
import { type Claim, ClaimLostError, type Disk, errorCode, type FileStat } from '../disk/disk.ts';
import { mapConcurrently } from '../disk/mapConcurrently.ts';
import { TEMPORARY_PREFIX, TEMPORARY_SUFFIX } from '../disk/temporaryNames.ts';
import { idOfKey } from '../formats/numberedLayout.ts';
import type { StoreSchema } from '../formats/storeSchema.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { formatIssueId, MAX_ISSUE_NUMBER, nextIssueNumber, numberOfId } from '../issue/issueFileName.ts';
import { writeError } from './fileErrors.ts';
import { visitStoreDuringMoves } from './storeFolders.ts';

const CONCURRENCY = 16;

/** The claim file of a number, independent of the issue's name. */
function claimPath(store: string, number: number): string {
  return join(store, TEMPORARY_PREFIX + formatIssueId(number, '') + TEMPORARY_SUFFIX);
}

/**
 * Reserves issue numbers across processes for one write.
 *
 * It claims first and lists the store afterwards. Another process releases its claim only after it has created its issue file, so we see
 * either its claim or its file, whatever the interleaving.
 */
export class NumberClaims {
  readonly #disk: Disk;
  readonly #store: string;
  readonly #schema: StoreSchema;
  readonly #held = new Map<number, Claim>();

  constructor(disk: Disk, { folder, schema }: { readonly folder: string; readonly schema: StoreSchema }) {
    this.#disk = disk;
    this.#store = folder;
    this.#schema = schema;
  }

  /**
   * Claims `count` numbers above all that are in use, in ascending order; consecutive unless other processes are creating issues, too. If
   * it fails, {@link release} releases the numbers claimed so far.
   * @param makeFolder creates the store's folder; called once it is known that enough numbers are left.
   * @throws IssueError `outOfNumbers`
   */
  async take(count: number, makeFolder: () => Promise<void>): Promise<number[]> {
    if (count === 0) {
      return [];
    }
    let { next } = await this.#listNumbers();
    assertInRange(next, count);
    await makeFolder();
    for (;;) {
      next = await this.#claimFrom(next, count);
      const listed = await this.#listNumbers();
      if (listed.lost.size === 0) {
        return [...this.#held.keys()].sort((a, b) => a - b);
      }
      await this.#release([...listed.lost]);
      next = Math.max(next, listed.next);
    }
  }

  /** Turns a claim into the issue's file. Fails as {@link Disk.create} does. */
  async spend(number: number, path: string, bytes: Uint8Array): Promise<FileStat> {
    try {
      const stat = await this.#disk.create(path, bytes, { claim: assertDefined(this.#held.get(number)) });
      this.#held.delete(number);
      return stat;
    } catch (error) {
      if (error instanceof ClaimLostError) {
        // Another process may own the claim file now, so do not release it.
        this.#held.delete(number);
      }
      throw error;
    }
  }

  /** Releases all numbers that were not spent. Never rejects. */
  async release(): Promise<void> {
    await this.#release([...this.#held.keys()]);
  }

  /** Claims numbers from `first` until `count` are held. @returns the first number that was not tried. */
  async #claimFrom(first: number, count: number): Promise<number> {
    let next = first;
    while (this.#held.size < count) {
      const missing = count - this.#held.size;
      assertInRange(next, missing);
      const numbers = Array.from({ length: missing }, (_, index) => next + index);
      await mapConcurrently(CONCURRENCY, numbers, (number) => this.#claim(number));
      next += missing;
    }
    return next;
  }

  /** Does nothing if another process has claimed this number, even if that process crashed. */
  async #claim(number: number): Promise<void> {
    const path = claimPath(this.#store, number);
    try {
      this.#held.set(number, await this.#disk.claim(path));
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') {
        // The error names the folder, because users do not know the temporary file.
        throw writeError(this.#store, error);
      }
    }
  }

  async #release(numbers: readonly number[]): Promise<void> {
    await mapConcurrently(CONCURRENCY, numbers, async (number) => {
      const { path, token } = assertDefined(this.#held.get(number));
      this.#held.delete(number);
      // A claim that stays only blocks its number until leftovers are cleaned up.
      const found = await this.#disk.read(path).catch(() => undefined);
      // Another process may own the claim if this one was suspended for long.
      if (found?.bytes.equals(token)) {
        await this.#disk.remove(path).catch(() => undefined);
      }
    });
  }

  /** Lists the store. @returns the first number above all in use, and the held numbers that an issue has meanwhile. */
  async #listNumbers(): Promise<{ readonly next: number; readonly lost: ReadonlySet<number> }> {
    const lost = new Set<number>();
    let highest = -1;
    let highestIds: string[] = [];
    await visitStoreDuringMoves(this.#disk, this.#store, this.#schema, (key) => {
      const id = idOfKey(key);
      const number = numberOfId(id);
      if (number === undefined) {
        return;
      }
      if (number > highest) {
        highest = number;
        highestIds = [id];
      }
      if (this.#held.has(number)) {
        lost.add(number);
      }
    });
    return { next: nextIssueNumber(highestIds), lost };
  }
}

function assertInRange(first: number, count: number): void {
  if (first + count - 1 > MAX_ISSUE_NUMBER) {
    throw new IssueError('outOfNumbers', `${count} new issues do not fit between ${first} and ${MAX_ISSUE_NUMBER}. Create fewer at once.`);
  }
}
