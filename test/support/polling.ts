/** Waiting for what has no event to wait for. */
import { AssertionError } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither undefined nor false, and gives that answer. What `ask` throws counts as no answer.
 *
 * @param what completes “timed out waiting for …”.
 * @throws {AssertionError} after `ms` milliseconds, with what `ask` last threw.
 */
export async function until<T>(ask: () => T | Promise<T>, what: string, ms = 15_000): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + ms;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const detail = last instanceof Error ? `: ${last.message}` : '';
      throw new AssertionError({ message: `timed out waiting for ${what}${detail}` });
    }
    await sleep(50);
  }
}

/** Retries assertions until they hold: what one sees follows an action with a delay. Throws the last failure after `ms` milliseconds. */
export async function eventually<T>(assertions: () => T | Promise<T>, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await assertions();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(50);
  }
}
