import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { lstat } from '../../../src/core/disk/nameCalls.ts';

/** Makes one synchronous look at a name slow, so that the next 256 calls for names go by promise. */
export async function slowNameCalls(): Promise<void> {
  const systemLstat = fs.lstatSync;
  let wasSlow = false;
  Reflect.set(fs, 'lstatSync', (path: string) => {
    wasSlow = true;
    for (const end = performance.now() + 10; performance.now() < end; );
    return systemLstat(path);
  });
  syncBuiltinESMExports();
  try {
    // Calls that still go by promise come first.
    while (!wasSlow) {
      await lstat(tmpdir());
    }
  } finally {
    Reflect.set(fs, 'lstatSync', systemLstat);
    syncBuiltinESMExports();
  }
}
