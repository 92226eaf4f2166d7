import type { StoreChoice } from '../protocol/metricsProtocol.ts';
import { fillText, type MetricsTexts } from '../protocol/metricsTexts.ts';
import { element, setText } from './dom.ts';
import { createIcon } from './icons.ts';
import { RANGES, type RangeMinutes } from './viewState.ts';

export interface ToolbarActions {
  readonly setRange: (minutes: RangeMinutes) => void;
  readonly togglePause: () => void;
  readonly reset: () => void;
  readonly selectStore: (storeId: string) => void;
}

/** Title, state and controls of the panel. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #texts: MetricsTexts;
  readonly #storeName = element('span', { class: 'store-name' });
  readonly #status = element('span', { class: 'status' });
  readonly #statusText = element('span');
  readonly #pause = element('button', { class: 'button', attributes: { type: 'button' } });
  readonly #ranges = new Map<RangeMinutes, HTMLInputElement>();
  readonly #storeSelect = element('select', { class: 'select', attributes: { id: 'store' } });
  readonly #storeControl: HTMLElement;
  readonly #liveControls: HTMLElement;
  #stores = '';
  #shownPaused: boolean | undefined;

  constructor(texts: MetricsTexts, actions: ToolbarActions) {
    this.#texts = texts;
    this.#status.append(element('span', { class: 'status-dot' }), this.#statusText);
    const storeLabel = element('label', { text: texts.store, attributes: { for: 'store' } });
    this.#storeControl = element('div', { class: 'store-control' }, [storeLabel, this.#storeSelect]);
    this.#storeSelect.addEventListener('change', () => actions.selectStore(this.#storeSelect.value));
    this.#pause.addEventListener('click', actions.togglePause);
    const reset = element('button', { class: 'button', attributes: { type: 'button', title: texts.resetHint } }, [
      createIcon('reset'),
      element('span', { text: texts.reset }),
    ]);
    reset.addEventListener('click', actions.reset);
    this.#liveControls = element('div', { class: 'live-controls' }, [this.#rangeControl(actions), this.#pause, reset]);
    this.element = element('header', { class: 'toolbar' }, [
      element('div', { class: 'heading' }, [element('h1', { text: texts.title }), this.#storeName, this.#status]),
      element('div', { class: 'controls' }, [this.#storeControl, this.#liveControls]),
    ]);
    this.setStores([], undefined);
  }

  setRange(minutes: RangeMinutes): void {
    const input = this.#ranges.get(minutes);
    if (input) {
      input.checked = true;
    }
  }

  /** @param pausedAt time of day; undefined while updates run. */
  setPaused(pausedAt: string | undefined): void {
    const isPaused = pausedAt !== undefined;
    setText(this.#statusText, isPaused ? fillText(this.#texts.pausedAt, pausedAt) : this.#texts.live);
    this.#status.classList.toggle('is-paused', isPaused);
    if (isPaused !== this.#shownPaused) {
      this.#shownPaused = isPaused;
      const name = element('span', { text: isPaused ? this.#texts.resume : this.#texts.pause });
      this.#pause.replaceChildren(createIcon(isPaused ? 'play' : 'pause'), name);
    }
  }

  /** Shows the store selector for two or more stores, and the other controls for at least one. */
  setStores(stores: readonly StoreChoice[], selectedId: string | undefined): void {
    const key = JSON.stringify(stores);
    if (key !== this.#stores) {
      this.#stores = key;
      this.#storeSelect.replaceChildren(...stores.map(({ id, name }) => element('option', { text: name, attributes: { value: id } })));
    }
    if (selectedId !== undefined) {
      this.#storeSelect.value = selectedId;
    }
    this.#storeControl.hidden = stores.length < 2;
    this.#liveControls.hidden = stores.length === 0;
    this.#status.hidden = stores.length === 0;
    this.#storeName.hidden = stores.length !== 1;
    setText(this.#storeName, stores[0]?.name ?? '');
    // The selector cuts off long names.
    this.#storeSelect.title = stores.find(({ id }) => id === selectedId)?.name ?? '';
  }

  #rangeControl(actions: ToolbarActions): HTMLElement {
    const choices = RANGES.map((minutes) => {
      const input = element('input', { attributes: { type: 'radio', name: 'range', value: String(minutes) } });
      input.addEventListener('change', () => actions.setRange(minutes));
      this.#ranges.set(minutes, input);
      return element('label', { class: 'segment' }, [input, element('span', { text: fillText(this.#texts.minutes, String(minutes)) })]);
    });
    return element('fieldset', { class: 'segments' }, [
      element('legend', { class: 'visually-hidden', text: this.#texts.timeRange }),
      ...choices,
    ]);
  }
}
