import pLimit from 'p-limit';

/**
 * Acts on every entry, a few at a time, and has the results in the order of the entries. It always waits for all of them,
 * also after a failure, so that no work goes on once the caller has its answer.
 * @throws the failure of the first entry, in their order, that has one.
 */
export async function mapConcurrently<T, R>(
  atOnce: number,
  entries: readonly T[],
  act: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
  const limit = pLimit(atOnce);
  const outcomes = await Promise.allSettled(entries.map((entry, index) => limit(act, entry, index)));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
    return outcome.value;
  });
}
