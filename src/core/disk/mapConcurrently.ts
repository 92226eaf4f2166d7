import pLimit from 'p-limit';

/**
 * Runs `act` on every entry with limited concurrency and returns the results in the order of the entries. After a failure it still waits
 * for all of them, so that no work continues after it rejects.
 * @throws the failure of the first entry, in their order, that failed.
 */
export async function mapConcurrently<T, R>(
  concurrency: number,
  entries: readonly T[],
  act: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
  const limit = pLimit(concurrency);
  const outcomes = await Promise.allSettled(entries.map((entry, index) => limit(act, entry, index)));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
    return outcome.value;
  });
}
