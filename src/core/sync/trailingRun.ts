import pLimit from 'p-limit';

/** Work that many may ask for at any time: one run is under way at most, and everybody who asks meanwhile shares the one after it. */
export class TrailingRun {
  readonly #run: () => Promise<unknown>;
  readonly #oneRun = pLimit(1);
  /** The run that has not begun yet. */
  #next: Promise<void> | undefined;

  constructor(run: () => Promise<unknown>) {
    this.#run = run;
  }

  /** Settles with a run that has begun after this call. */
  request(): Promise<void> {
    this.#next ??= this.#oneRun(async () => {
      this.#next = undefined;
      await this.#run();
    });
    return this.#next;
  }
}
