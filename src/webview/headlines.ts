import type { StoreFigures } from '../protocol/metricsProtocol.ts';
import { fillText, type MetricsTexts } from '../protocol/metricsTexts.ts';
import { element, setText } from './dom.ts';
import { type Formats, NO_VALUE } from './format.ts';
import { createIcon, type IconName } from './icons.ts';

/** One headline: a name, a large value and a line that explains it. */
interface Tile {
  readonly element: HTMLElement;
  readonly value: HTMLElement;
  readonly detail: HTMLElement;
}

const WATCHER_ICONS: Readonly<Record<StoreFigures['watcher'], IconName>> = { starting: 'starting', watching: 'watching', failed: 'failed' };

/** The figures that matter most, as a row of tiles. */
export class Headlines {
  readonly element: HTMLElement;
  readonly #texts: MetricsTexts;
  readonly #formats: Formats;
  readonly #hitRate: Tile;
  readonly #timeSaved: Tile;
  readonly #cache: Tile;
  readonly #operations: Tile;
  readonly #issues: Tile;
  readonly #watcher: Tile;
  readonly #cacheLimit = element('span', { class: 'tile-unit' });
  readonly #cacheSize = element('span');
  readonly #cacheFill = element('div', { class: 'meter-fill' });
  readonly #watcherIcon = element('span', { class: 'tile-icon' });
  readonly #watcherState = element('span');
  #shownWatcher: StoreFigures['watcher'] | undefined;

  constructor(texts: MetricsTexts, formats: Formats) {
    this.#texts = texts;
    this.#formats = formats;
    this.#hitRate = createTile(texts.hitRate);
    this.#timeSaved = createTile(texts.timeSaved);
    this.#cache = createTile(texts.cacheEntries);
    this.#operations = createTile(texts.operations);
    this.#issues = createTile(texts.openIssues);
    this.#watcher = createTile(texts.watcher);
    this.#cache.value.append(this.#cacheSize, this.#cacheLimit);
    this.#cache.detail.before(element('dd', { class: 'meter', attributes: { 'aria-hidden': 'true' } }, [this.#cacheFill]));
    this.#watcher.value.append(this.#watcherIcon, this.#watcherState);
    this.#watcher.value.classList.add('tile-value-worded');
    const tiles = [this.#hitRate, this.#timeSaved, this.#cache, this.#operations, this.#issues, this.#watcher];
    this.element = element(
      'dl',
      { class: 'tiles', attributes: { 'aria-label': texts.headlines } },
      tiles.map((tile) => tile.element),
    );
  }

  update(figures: StoreFigures): void {
    const { cache, saved, outer } = figures;
    const texts = this.#texts;
    const { count, short, percent, duration } = this.#formats;
    setText(this.#hitRate.value, cache.hits + cache.misses === 0 ? NO_VALUE : percent(cache.hitRate));
    setText(this.#hitRate.detail, fillText(texts.hitRateDetail, short(cache.hits), short(cache.misses)));
    setText(this.#timeSaved.value, saved.micros === 0 ? NO_VALUE : duration(saved.micros));
    setText(this.#timeSaved.detail, fillText(texts.timeSavedDetail, short(saved.reads)));
    setText(this.#cacheSize, short(cache.size));
    setText(this.#cacheLimit, fillText(texts.cacheEntriesValue, short(cache.maxSize)));
    setText(this.#cache.detail, fillText(texts.cacheEntriesDetail, short(cache.evictions), short(cache.expirations)));
    this.#cacheFill.style.width = `${cache.maxSize > 0 ? Math.min(100, (100 * cache.size) / cache.maxSize) : 0}%`;
    setText(this.#operations.value, short(outer.totalOperations));
    setText(this.#operations.detail, outer.totalFailures === 0 ? texts.noFailures : fillText(texts.failures, count(outer.totalFailures)));
    this.#operations.detail.classList.toggle('is-bad', outer.totalFailures > 0);
    setText(this.#issues.value, count(figures.activeIssues));
    setText(this.#issues.detail, fillText(texts.openIssuesDetail, count(figures.completedIssues)));
    this.#updateWatcher(figures);
  }

  #updateWatcher({ watcher: state, coherence: { missed, healed } }: StoreFigures): void {
    const { name, detail } = watcherTexts(this.#texts)[state];
    const hasMissed = state === 'watching' && missed > 0;
    const { count } = this.#formats;
    setText(this.#watcher.detail, hasMissed ? fillText(this.#texts.watcherMissedDetail, count(missed), count(healed)) : detail);
    if (state === this.#shownWatcher) {
      return;
    }
    this.#shownWatcher = state;
    setText(this.#watcherState, name);
    this.#watcherIcon.className = `tile-icon is-${state}`;
    this.#watcherIcon.replaceChildren(createIcon(WATCHER_ICONS[state]));
  }
}

/** What the table and the tile call the states of the watcher. */
export function watcherTexts(texts: MetricsTexts): Record<StoreFigures['watcher'], { readonly name: string; readonly detail: string }> {
  return {
    starting: { name: texts.watcherStarting, detail: texts.watcherStartingDetail },
    watching: { name: texts.watcherWatching, detail: texts.watcherWatchingDetail },
    failed: { name: texts.watcherFailed, detail: texts.watcherFailedDetail },
  };
}

function createTile(name: string): Tile {
  const value = element('dd', { class: 'tile-value' });
  const detail = element('dd', { class: 'tile-detail' });
  return { element: element('div', { class: 'tile' }, [element('dt', { class: 'tile-name', text: name }), value, detail]), value, detail };
}
