import { assertDefined } from '../assertDefined.ts';

/** What was found for each entry, with the rest loaded in its place by one call, which is not made if there is none. */
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
