import syncFs from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** The calls that need room on the disk, and so can find it full. */
const NEED_ROOM = ['link', 'rename', 'mkdir'] as const;
const HANDLE_NEEDS_ROOM = ['writeFile', 'sync'] as const;

type Anything = (...args: unknown[]) => unknown;

/**
 * Runs something while the system's own calls that write are counted, below the port of the disk, and the one with the
 * number `nth`, from 1 on, fails with `code`. A write that fails has put half of its bytes on the disk by then.
 * @returns whether there were as many calls.
 */
export async function withSystemFault(nth: number, code: string, run: () => Promise<void>): Promise<boolean> {
  let calls = 0;
  const isHit = () => ++calls === nth;
  const failure = (name: string) => Object.assign(new Error(`${code}: made to fail, ${name}`), { code });
  const restores: (() => void)[] = [];
  const patch = <T extends object>(target: T, name: keyof T & string, wrap: (original: Anything) => Anything) => {
    const original = target[name];
    target[name] = wrap((original as Anything).bind(target)) as T[typeof name];
    restores.push(() => {
      target[name] = original;
    });
  };
  for (const name of NEED_ROOM) {
    patch(fs, name, (original) => async (...args) => {
      if (isHit()) {
        throw failure(name);
      }
      return original(...args);
    });
  }
  const faulty = (handle: FileHandle) => {
    for (const name of HANDLE_NEEDS_ROOM) {
      patch(handle, name, (original) => async (...args) => {
        if (isHit()) {
          const [bytes] = args;
          if (bytes instanceof Uint8Array) {
            await original(bytes.subarray(0, bytes.length / 2));
          }
          throw failure(name);
        }
        return original(...args);
      });
    }
    return handle;
  };
  patch(fs, 'open', (original) => async (...args) => {
    const isNew = args[1] === 'wx';
    if (isNew && isHit()) {
      throw failure('open');
    }
    const handle = (await original(...args)) as FileHandle;
    return isNew ? faulty(handle) : handle;
  });
  patch(syncFs, 'openSync', (original) => (...args) => {
    if (args[1] === 'wx' && isHit()) {
      throw failure('openSync');
    }
    return original(...args);
  });
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    for (const restore of restores.reverse()) {
      restore();
    }
    syncBuiltinESMExports();
  }
  return calls >= nth;
}
