import * as v from 'valibot';

/** Time ranges to choose from, in minutes. The host's history covers the longest. */
export const RANGES = [1, 5, 15] as const;
export type RangeMinutes = (typeof RANGES)[number];

/** What the user chose in the panel: all that outlives it. Figures come from the host. */
export interface ViewState {
  readonly rangeMinutes: RangeMinutes;
  readonly paused: boolean;
  /** The store shown last. */
  readonly storeId?: string | undefined;
  /** Keys of series that are switched off in the legends. */
  readonly hiddenSeries: readonly string[];
}

const DEFAULT_STATE: ViewState = { rangeMinutes: 5, paused: false, hiddenSeries: [] };

const viewState: v.GenericSchema<unknown, ViewState> = v.object({
  rangeMinutes: v.fallback(v.picklist(RANGES), DEFAULT_STATE.rangeMinutes),
  paused: v.fallback(v.boolean(), DEFAULT_STATE.paused),
  storeId: v.fallback(v.optional(v.string()), undefined),
  hiddenSeries: v.fallback(v.array(v.string()), []),
});

/** Reads what an earlier life of the panel left behind; choices that make no sense fall back to the default. */
export function parseViewState(data: unknown): ViewState {
  const result = v.safeParse(viewState, data);
  return result.success ? result.output : DEFAULT_STATE;
}
