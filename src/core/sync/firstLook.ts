import type { Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import type { StoreWatcher } from './folderWatcher.ts';

/** How long rows wait for the watcher, so that one look is enough, in milliseconds. It usually takes a few. */
const WATCH_WAIT_MS = 30;
/** How long everything else waits for it, in milliseconds. One that takes longer may never watch: the audit is there for that. */
const LONGEST_WATCH_WAIT_MS = 2_000;

/**
 * Starts the watcher and looks at everything so that nothing goes unnoticed that changes meanwhile: nobody hints at what changes before it
 * is watched. A watcher that takes its time is not waited for, because rows matter first; then there is a second look after it, which is
 * itself not waited for where the watcher takes long.
 *
 * @param look says whether it could look; must not reject.
 */
export async function lookWhileStarting(
  watcher: StoreWatcher | undefined,
  schedule: Schedule,
  look: () => Promise<boolean>,
): Promise<void> {
  const started = watcher?.start();
  if (await isDoneWithin(WATCH_WAIT_MS, started, schedule)) {
    await look();
    return;
  }
  const lookedBefore = look();
  const lookedAfter = Promise.all([lookedBefore, started]).then(async ([couldLook]) => {
    if (couldLook) {
      await look();
    }
  });
  await lookedBefore;
  await isDoneWithin(LONGEST_WATCH_WAIT_MS, lookedAfter, schedule);
}

async function isDoneWithin(milliseconds: number, promise: Promise<void> | undefined, schedule: Schedule): Promise<boolean> {
  let timer: Disposable | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = schedule(milliseconds, () => resolve(false));
  });
  try {
    return await Promise.race([Promise.resolve(promise).then(() => true), late]);
  } finally {
    timer?.dispose();
  }
}
