import { assertDefined } from '../assertDefined.ts';

/** Completes `found` with one call of `load` for all missing entries. Does not call it if none is missing. */
export async function fillMissing<T, R>(
  entries: readonly T[],
  found: readonly (R | undefined)[],
  load: (missing: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const missing = entries.filter((_, index) => found[index] === undefined);
  const loaded = missing.length === 0 ? [] : await load(missing);
  let next = 0;
  return found.map((result) => result ?? assertDefined(loaded[next++]));
}
