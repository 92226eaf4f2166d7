import { type Disposable, Emitter, type Event } from '../../core/index.ts';
import type { WorkspaceStores } from '../stores/workspaceStores.ts';
import type { MetricsSource, MetricsSources } from './metricsFeed.ts';

/** The open stores as the metrics panel sees them. */
export class StoreMetricsSources implements MetricsSources, Disposable {
  readonly #stores: WorkspaceStores;
  readonly #didChange: Emitter<void>;
  readonly #subscription: Disposable;

  constructor(stores: WorkspaceStores, onError: (error: unknown) => void) {
    this.#stores = stores;
    this.#didChange = new Emitter(onError);
    this.#subscription = stores.onDidChangeStores(() => this.#didChange.fire());
  }

  get onDidChange(): Event<void> {
    return this.#didChange.event;
  }

  all(): readonly MetricsSource[] {
    return this.#stores.all.map(({ id, name, where, store, onDidSample }) => ({
      id,
      name: where === '' ? name : `${name} (${where})`,
      snapshot: () => store.snapshot(),
      history: () => store.history(),
      onDidSample,
      reset: () => store.resetMetrics(),
    }));
  }

  /** Resets the metrics of every store. */
  resetAll(): void {
    for (const { store } of this.#stores.all) {
      store.resetMetrics();
    }
    this.#didChange.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }
}
