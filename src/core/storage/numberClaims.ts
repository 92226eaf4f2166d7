import { join } from 'node:path';
import { assertDefined } from '../assertDefined.ts';
import { type Claim, ClaimLostError, type Disk, errorCode, type FileStat } from '../disk/disk.ts';
import { mapConcurrently } from '../disk/mapConcurrently.ts';
import { TEMPORARY_PREFIX, TEMPORARY_SUFFIX } from '../disk/temporaryNames.ts';
import { IssueError } from '../issue/issueErrors.ts';
import { formatIssueId, MAX_ISSUE_NUMBER, nextIssueNumber, numberOfId } from '../issue/issueFileName.ts';
import { storeFolder } from '../issue/storeLayout.ts';
import { writeError } from './fileErrors.ts';
import { visitStoreInTurn } from './storeFolders.ts';

/** How many claims are asked for at a time. */
const CONCURRENCY = 16;

/** The temporary file of the issue that is to have this number, whatever its name. */
export function claimPath(store: string, number: number): string {
  return join(storeFolder(store, false), TEMPORARY_PREFIX + formatIssueId(number, '') + TEMPORARY_SUFFIX);
}

/**
 * Numbers for the issues of one create, which no other process gives to its own as long as they are held.
 *
 * The claim comes first and the look at the store after it. Whoever had the number before has linked its file before it let
 * go of its claim, so we see the one or the other, in any interleaving.
 */
export class NumberClaims {
  readonly #disk: Disk;
  readonly #store: string;
  readonly #held = new Map<number, Claim>();

  constructor(disk: Disk, store: string) {
    this.#disk = disk;
    this.#store = store;
  }

  /**
   * Claims as many numbers, in their order and above all that are in use; side by side unless others are creating too.
   * Whatever fails, {@link release} gives back what is held by then.
   * @param makeFolder makes the store's folder; called when the numbers are known to be enough.
   * @throws IssueError `outOfNumbers`
   */
  async take(count: number, makeFolder: () => Promise<void>): Promise<number[]> {
    if (count === 0) {
      return [];
    }
    let { next } = await this.#look();
    mustFit(next, count);
    await makeFolder();
    for (;;) {
      next = await this.#claimFrom(next, count);
      const look = await this.#look();
      if (look.lost.size === 0) {
        return [...this.#held.keys()].sort((a, b) => a - b);
      }
      await this.#release([...look.lost]);
      next = Math.max(next, look.next);
    }
  }

  /** Makes a file out of a claim, which is used up by that; fails as {@link Disk.create} does. */
  async spend(number: number, path: string, bytes: Uint8Array): Promise<FileStat> {
    try {
      const stat = await this.#disk.create(path, bytes, { claim: assertDefined(this.#held.get(number)) });
      this.#held.delete(number);
      return stat;
    } catch (error) {
      if (error instanceof ClaimLostError) {
        // What has its name by now is not ours to give back.
        this.#held.delete(number);
      }
      throw error;
    }
  }

  /** Gives back the numbers that were not spent. Never rejects. */
  async release(): Promise<void> {
    await this.#release([...this.#held.keys()]);
  }

  /** Claims numbers from this one on until as many are held. @returns the first that was not tried. */
  async #claimFrom(first: number, count: number): Promise<number> {
    let next = first;
    while (this.#held.size < count) {
      const missing = count - this.#held.size;
      mustFit(next, missing);
      const numbers = Array.from({ length: missing }, (_, index) => next + index);
      await mapConcurrently(CONCURRENCY, numbers, (number) => this.#claim(number));
      next += missing;
    }
    return next;
  }

  /** Does nothing if somebody else is creating an issue with this number, or was when it crashed. */
  async #claim(number: number): Promise<void> {
    const path = claimPath(this.#store, number);
    try {
      this.#held.set(number, await this.#disk.claim(path));
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') {
        // The name of a temporary file would say nothing to anybody.
        throw writeError(storeFolder(this.#store, false), error);
      }
    }
  }

  async #release(numbers: readonly number[]): Promise<void> {
    await mapConcurrently(CONCURRENCY, numbers, async (number) => {
      const { path, token } = assertDefined(this.#held.get(number));
      this.#held.delete(number);
      // One that stays costs nobody anything but a number, until leftovers are cleaned away.
      const found = await this.#disk.read(path).catch(() => undefined);
      // A process that was held up for long may have lost its claim to another one.
      if (found?.bytes.equals(token)) {
        await this.#disk.remove(path).catch(() => undefined);
      }
    });
  }

  /** Looks at the store. @returns the first number above all that issues have, and which of those that are held an issue has by now. */
  async #look(): Promise<{ readonly next: number; readonly lost: ReadonlySet<number> }> {
    const lost = new Set<number>();
    let highest = -1;
    let highestIds: string[] = [];
    await visitStoreInTurn(this.#disk, this.#store, (id) => {
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

function mustFit(first: number, count: number): void {
  if (first + count - 1 > MAX_ISSUE_NUMBER) {
    throw new IssueError('outOfNumbers', `${count} new issues do not fit between ${first} and ${MAX_ISSUE_NUMBER}. Create fewer at once.`);
  }
}
