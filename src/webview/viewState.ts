import * as v from 'valibot';
import { type SelectedStore, selectedStore } from '../protocol/metricsProtocol.ts';

/** Time ranges to choose from, in minutes. The host's history covers the longest. */
export const RANGES = [1, 5, 15] as const;
export type RangeMinutes = (typeof RANGES)[number];

/** The choices of the user. They are saved because VS Code recreates the page each time the panel is shown. */
export interface ViewState {
  readonly rangeMinutes: RangeMinutes;
  /** What is shown while the panel is paused, as it was at that moment; undefined while it follows the host. */
  readonly paused?: SelectedStore | undefined;
  /** The store shown last. */
  readonly storeId?: string | undefined;
  /** Keys of series that are switched off in the legends. */
  readonly hiddenSeries: readonly string[];
}

const DEFAULT_STATE: ViewState = { rangeMinutes: 5, hiddenSeries: [] };

const viewState: v.GenericSchema<unknown, ViewState> = v.object({
  rangeMinutes: v.fallback(v.picklist(RANGES), DEFAULT_STATE.rangeMinutes),
  paused: v.fallback(v.optional(selectedStore), undefined),
  storeId: v.fallback(v.optional(v.string()), undefined),
  hiddenSeries: v.fallback(v.array(v.string()), []),
});

/** Reads the state that was saved before the page was recreated. Invalid choices fall back to their defaults. */
export function parseViewState(data: unknown): ViewState {
  const result = v.safeParse(viewState, data);
  return result.success ? result.output : DEFAULT_STATE;
}
