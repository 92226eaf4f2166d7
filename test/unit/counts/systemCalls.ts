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
 * @param below the folder that calls are counted for, with what is opened in it: the rest of the process may be busy, too.
 */
export async function countingSystemCalls(below: string, run: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const descriptors = new Set<unknown>();
  const concerns = ([about]: readonly unknown[]) => (typeof about === 'string' ? about.startsWith(below) : descriptors.has(about));
  /** Some synchronous calls are made of others, as their implementation pleases: only the outermost counts. */
  let depth = 0;
  const restores: (() => void)[] = [];
  /** The arguments of an opening by callback, with one that remembers what was opened. */
  const withDescriptor = (args: readonly unknown[]) => {
    const done = args.at(-1) as (error: unknown, descriptor: unknown) => void;
    const remember = (error: unknown, descriptor: unknown) => {
      descriptors.add(descriptor);
      done(error, descriptor);
    };
    return typeof done === 'function' ? [...args.slice(0, -1), remember] : args;
  };
  const patch = (
    target: object,
    names: readonly string[],
    isCounted = concerns,
    act: (result: unknown) => unknown = (result) => result,
  ) => {
    for (const name of names) {
      const original = Reflect.get(target, name) as Anything;
      restores.push(() => void Reflect.set(target, name, original));
      Reflect.set(target, name, (...args: unknown[]) => {
        const counts = isCounted(args);
        calls += depth === 0 && counts ? 1 : 0;
        depth++;
        try {
          const result = Reflect.apply(original, target, name === 'open' && counts ? withDescriptor(args) : args);
          if (name === 'openSync' && counts) {
            descriptors.add(result);
          } else if (name === 'closeSync' || name === 'close') {
            descriptors.delete(args[0]);
          }
          return counts ? act(result) : result;
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
      () => true,
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
  patch(fsPromises, ['open'], concerns, counted);
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
