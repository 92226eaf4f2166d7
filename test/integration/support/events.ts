/** Waiting for events, those of VS Code and our own. */
import { AssertionError } from 'node:assert/strict';

type AnyEvent<T> = (listener: (event: T) => void) => { dispose(): unknown };

/** Generous, because other programs may be busy on the machine. It passes only when a test fails. */
const DEADLINE_MS = 15_000;

/**
 * Resolves with the next event that fulfils the predicate. Call it before what makes the event happen.
 *
 * @param what completes “timed out waiting for …”.
 * @throws {AssertionError} if there is none before the deadline, or what the predicate throws.
 */
export function nextEvent<T>(event: AnyEvent<T>, what: string, fulfils: (event: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      subscription.dispose();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new AssertionError({ message: `timed out waiting for ${what}` }))), DEADLINE_MS);
    const subscription = event((value) => {
      try {
        if (fulfils(value)) {
          end(() => resolve(value));
        }
      } catch (error) {
        end(() => reject(error));
      }
    });
  });
}

/** Does something and gives the first event that fulfils the predicate and came of it. */
export async function eventOf<T>(event: AnyEvent<T>, what: string, work: () => unknown, fulfils?: (event: T) => boolean): Promise<T> {
  const happened = nextEvent(event, what, fulfils);
  // Both are waited for, so that a failure of the one does not leave the other behind.
  const [seen, done] = await Promise.allSettled([happened, (async () => work())()]);
  for (const outcome of [done, seen]) {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
  }
  return happened;
}

/** Waits until something holds, asking at once and after every event. */
export async function untilHolds<T>(holds: () => boolean, event: AnyEvent<T>, what: string): Promise<void> {
  if (!holds()) {
    await nextEvent(event, what, holds);
  }
}

/** Everything that an event says from now until the end. */
export interface Recording<T> {
  readonly events: readonly T[];
  stop(): void;
}

export function recorded<T>(event: AnyEvent<T>): Recording<T> {
  const events: T[] = [];
  const subscription = event((value) => events.push(value));
  return { events, stop: () => subscription.dispose() };
}
