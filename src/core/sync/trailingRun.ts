import pLimit from 'p-limit';

/** Runs work one at a time: all requests that come during a run share one more run after it. */
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
