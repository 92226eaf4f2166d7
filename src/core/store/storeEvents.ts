import type { IssueCatalogue, IssueChange } from '../catalogue/issueCatalogue.ts';
import type { Clock } from '../clock.ts';
import { type Disposable, Emitter } from '../events.ts';
import { ProgressThrottle } from '../sync/progressThrottle.ts';
import type { StoreStatus } from '../sync/storeStatus.ts';

export interface StoreEventsOptions {
  readonly catalogue: IssueCatalogue;
  readonly condition: StoreStatus;
  readonly clock: Clock;
  /** Receives what listeners throw. */
  readonly onError: (error: unknown) => void;
  /** Called before a change event fires. */
  readonly beforeChange: () => void;
}

/** Fires one event for all changes since the last {@link publish}. */
export class StoreEvents implements Disposable {
  readonly didChange: Emitter<IssueChange>;
  readonly didChangeState: Emitter<void>;
  readonly #options: StoreEventsOptions;
  readonly #throttle: ProgressThrottle;
  #hasOtherConfig = false;

  constructor(options: StoreEventsOptions) {
    this.#options = options;
    this.#throttle = new ProgressThrottle(options.clock);
    this.didChange = new Emitter(options.onError);
    this.didChangeState = new Emitter(options.onError);
  }

  /** The next {@link publish} fires {@link didChangeState}. */
  configChanged(): void {
    this.#hasOtherConfig = true;
  }

  publish(): void {
    const { catalogue, condition, beforeChange } = this.#options;
    const change = catalogue.takeChange();
    if (change !== undefined) {
      beforeChange();
      this.didChange.fire(change);
    }
    const hasOtherConfig = this.#hasOtherConfig;
    this.#hasOtherConfig = false;
    if (condition.takeChange() || hasOtherConfig || change?.otherFolders) {
      this.didChangeState.fire();
    }
  }

  /** Publishes what is loaded so far, at growing intervals. */
  publishWhileLoading(): void {
    if (!this.#options.condition.isLoaded && this.#throttle.isDue()) {
      this.publish();
    }
  }

  dispose(): void {
    this.didChange.dispose();
    this.didChangeState.dispose();
  }
}
