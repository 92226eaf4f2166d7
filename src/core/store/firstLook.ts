import type { Schedule } from '../clock.ts';
import type { Disposable } from '../events.ts';
import type { StoreWatcher } from '../watch/folderWatcher.ts';

/** How long rows wait for the watcher, so that one look is enough, in milliseconds. It usually takes a few. */
const WATCH_WAIT_MS = 30;

/**
 * Starts the watcher and looks at everything so that nothing goes unnoticed that changes meanwhile: nobody hints at what changes before it
 * is watched. A watcher that takes its time is not waited for, because rows matter first; then there is a second look after it.
 *
 * @param look says whether it could look.
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
  const [couldLook] = await Promise.all([look(), started]);
  if (couldLook) {
    await look();
  }
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
