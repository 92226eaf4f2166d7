import type { Clock } from '../clock.ts';
import { type Disposable, Emitter } from '../events.ts';
import type { IssueCatalogue, IssueChange } from './issueCatalogue.ts';
import { LoadingPace } from './loadingPace.ts';
import type { StoreCondition } from './storeCondition.ts';

export interface StoreEventsOptions {
  readonly catalogue: IssueCatalogue;
  readonly condition: StoreCondition;
  readonly clock: Clock;
  /** Told of what listeners throw. */
  readonly onError: (error: unknown) => void;
  /** Called before a change is told of. */
  readonly beforeChange: () => void;
}

/** Tells of what has changed since it was last told of: one event for all that belongs together. */
export class StoreEvents implements Disposable {
  readonly didChange: Emitter<IssueChange>;
  readonly didChangeState: Emitter<void>;
  readonly #options: StoreEventsOptions;
  readonly #loadingPace: LoadingPace;

  constructor(options: StoreEventsOptions) {
    this.#options = options;
    this.#loadingPace = new LoadingPace(options.clock);
    this.didChange = new Emitter(options.onError);
    this.didChangeState = new Emitter(options.onError);
  }

  publish(): void {
    const { catalogue, condition, beforeChange } = this.#options;
    const change = catalogue.takeChange();
    if (change !== undefined) {
      beforeChange();
      this.didChange.fire(change);
    }
    if (condition.takeChange() || change?.otherFolders) {
      this.didChangeState.fire();
    }
  }

  /** Shows the rows that are there already, at growing intervals. */
  publishWhileLoading(): void {
    if (!this.#options.condition.isLoaded && this.#loadingPace.isDue()) {
      this.publish();
    }
  }

  dispose(): void {
    this.didChange.dispose();
    this.didChangeState.dispose();
  }
}
