import type { Event } from '../../../src/core/events.ts';

/** How long anything may take before a test gives up on it, in milliseconds. Below the limit of mocha, to say what was missing. */
const DEADLINE_MS = 8_000;

/** Everything an event has said, and a way to wait for what it will say. */
export class Recording<T> {
  readonly events: T[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(event: Event<T>) {
    event((value) => {
      this.events.push(value);
      for (const check of [...this.#waiting]) {
        check();
      }
    });
  }

  /** Resolves when what was heard so far satisfies this, at once if it does already. */
  async until(isEnough: (events: readonly T[]) => boolean, what: string): Promise<void> {
    await inTime(
      new Promise<void>((resolve) => {
        const check = () => {
          if (isEnough(this.events)) {
            this.#waiting.delete(check);
            resolve();
          }
        };
        this.#waiting.add(check);
        check();
      }),
      () => `${what}; heard: ${JSON.stringify(this.events)}`,
    );
  }
}

/** The promise's outcome, or a failure that says what did not come. */
export async function inTime<T>(promise: Promise<T>, what: string | (() => string)): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited in vain for ${typeof what === 'string' ? what : what()}`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
