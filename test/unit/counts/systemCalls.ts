import fs from 'node:fs';
import fsPromises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Anything = (...args: unknown[]) => unknown;

/** What a file that was opened by a promise can be asked for. */
const HANDLE_CALLS = [
  'appendFile',
  'chmod',
  'close',
  'datasync',
  'read',
  'readFile',
  'stat',
  'sync',
  'truncate',
  'utimes',
  'write',
  'writeFile',
];

/**
 * Counts the calls of Node's file system, in whichever of its three forms, while something runs. Each is one call of the
 * system, but for `readFile` and `writeFile`, which are as many as the length of the file asks for.
 *
 * Whatever else the process does with files meanwhile is counted, too.
 */
export async function countingSystemCalls(run: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  /** Some synchronous calls are made of others, as their implementation pleases: only the outermost counts. */
  let depth = 0;
  const restores: (() => void)[] = [];
  const patch = (target: object, names: readonly string[], act: (result: unknown) => unknown = (result) => result) => {
    for (const name of names) {
      const original = Reflect.get(target, name) as Anything;
      restores.push(() => void Reflect.set(target, name, original));
      Reflect.set(target, name, (...args: unknown[]) => {
        calls += depth === 0 ? 1 : 0;
        depth++;
        try {
          return act(Reflect.apply(original, target, args));
        } finally {
          depth--;
        }
      });
    }
  };
  const counted = async (opening: unknown) => {
    const handle = (await opening) as FileHandle;
    patch(
      handle,
      HANDLE_CALLS.filter((name) => name in handle),
    );
    return handle;
  };
  const functionsOf = (module: object) =>
    Object.keys(module).filter((name) => /^[a-z]/.test(name) && typeof Reflect.get(module, name) === 'function');
  patch(fs, functionsOf(fs));
  patch(
    fsPromises,
    functionsOf(fsPromises).filter((name) => name !== 'open'),
  );
  patch(fsPromises, ['open'], counted);
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    for (const restore of restores.reverse()) {
      restore();
    }
    syncBuiltinESMExports();
  }
  return calls;
}
