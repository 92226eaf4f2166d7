import type { Disposable, Event, MetricsSample, StoreSnapshot } from '../../core/index.ts';
import { toHistory } from '../../protocol/metricsHistory.ts';
import type { HostMessage, WebviewMessage } from '../../protocol/metricsProtocol.ts';

/** One store whose figures can be shown. */
export interface MetricsSource {
  /** Stays the same as long as the store's folder is open. */
  readonly id: string;
  readonly name: string;
  snapshot(): StoreSnapshot;
  /** Oldest first, one a second. */
  history(): readonly MetricsSample[];
  /** Fires once a second with the newest sample of `history`. */
  readonly onDidSample: Event<MetricsSample>;
  /** Sets every figure to zero and empties the history. */
  reset(): void;
}

/** All stores that are open. */
export interface MetricsSources {
  /** In the order of the workspace's folders. */
  all(): readonly MetricsSource[];
  /** Fires after a store was opened or closed, and after a command reset the metrics. */
  readonly onDidChange: Event<void>;
}

/**
 * Feeds the webview: a snapshot when it is ready, becomes visible or shows outdated data, then one delta per sample while it is visible.
 * Does not depend on `vscode`.
 */
export class MetricsFeed implements Disposable {
  readonly #sources: MetricsSources;
  readonly #post: (message: HostMessage) => void;
  readonly #sourcesSubscription: Disposable;
  #sampleSubscription: Disposable | undefined;
  #selected: MetricsSource | undefined;
  /** False while the first store is selected only by default. */
  #isChosen = false;
  #isReady = false;
  #isVisible: boolean;

  /** @param post hands a message to the webview; must not throw. */
  constructor(sources: MetricsSources, isVisible: boolean, post: (message: HostMessage) => void) {
    this.#sources = sources;
    this.#isVisible = isVisible;
    this.#post = post;
    this.#sourcesSubscription = sources.onDidChange(() => {
      this.#select(this.#selected?.id);
      this.#postSnapshot();
    });
    this.#select(undefined);
  }

  receive(message: WebviewMessage): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        // The host's choice wins: a command can choose a store while the view is hidden.
        if (!this.#isChosen) {
          this.#choose(message.storeId);
        }
        this.#postSnapshot();
        return;
      case 'selectStore':
        this.show(message.storeId);
        return;
      case 'reset':
        // Use the id from the message: the selection may have changed since the click.
        this.#find(message.storeId)?.reset();
        this.#postSnapshot();
        return;
    }
  }

  /** Shows this store instead, if it is open. */
  show(storeId: string): void {
    this.#choose(storeId);
    this.#postSnapshot();
  }

  setVisible(isVisible: boolean): void {
    const becameVisible = isVisible && !this.#isVisible;
    this.#isVisible = isVisible;
    if (becameVisible) {
      this.#postSnapshot();
    }
  }

  dispose(): void {
    this.#sourcesSubscription.dispose();
    this.#sampleSubscription?.dispose();
    this.#sampleSubscription = undefined;
    this.#isReady = false;
  }

  #choose(storeId: string | undefined): void {
    this.#isChosen = true;
    this.#select(storeId);
  }

  #find(storeId: string | undefined): MetricsSource | undefined {
    return this.#sources.all().find(({ id }) => id === storeId);
  }

  /** Falls back to the selected store, then to the first. Always subscribes again, because a new store object can have the same id. */
  #select(storeId: string | undefined): void {
    this.#selected = this.#find(storeId) ?? this.#find(this.#selected?.id) ?? this.#sources.all()[0];
    this.#sampleSubscription?.dispose();
    const source = this.#selected;
    this.#sampleSubscription = source?.onDidSample((sample) => {
      if (this.#isReady && this.#isVisible) {
        this.#post({ type: 'delta', storeId: source.id, sample, figures: source.snapshot() });
      }
    });
  }

  #postSnapshot(): void {
    if (!this.#isReady || !this.#isVisible) {
      return;
    }
    const source = this.#selected;
    this.#post({
      type: 'snapshot',
      stores: this.#sources.all().map(({ id, name }) => ({ id, name })),
      selected: source ? { id: source.id, history: toHistory(source.history()), figures: source.snapshot() } : null,
    });
  }
}
