import systemFs from 'node:fs';
import systemPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Anything = (...args: unknown[]) => unknown;
type Callback = (error: unknown) => void;

const isNewFile = ([, flags]: readonly unknown[]) => flags === 'wx';
const always = () => true;

/** The calls that need room on the disk, and so can find it full, with what tells which of them do. */
const NEED_ROOM: Readonly<Record<string, (args: readonly unknown[]) => boolean>> = {
  open: isNewFile,
  write: always,
  fsync: always,
  link: always,
  rename: always,
  mkdir: always,
};

/**
 * Runs something while the system's own calls that write are counted, below the port of the disk and in whichever of their three forms, and
 * the one with the number `nth`, from 1 on, fails with `code`. A write that fails has put half of its bytes on the disk by then.
 * @returns whether there were as many calls.
 */
export async function withSystemFault(nth: number, code: string, run: () => Promise<void>): Promise<boolean> {
  let calls = 0;
  const isHit = (name: string, args: readonly unknown[]) => NEED_ROOM[name]?.(args) === true && ++calls === nth;
  const failure = (name: string) => Object.assign(new Error(`${code}: made to fail, ${name}`), { code });
  const restores: (() => void)[] = [];
  const patch = (target: object, name: string, wrap: (original: Anything) => Anything) => {
    const original = Reflect.get(target, name) as Anything | undefined;
    if (original !== undefined) {
      Reflect.set(target, name, wrap(original.bind(target)));
      restores.push(() => void Reflect.set(target, name, original));
    }
  };
  for (const name of Object.keys(NEED_ROOM)) {
    patch(systemFs, `${name}Sync`, (original) => (...args) => {
      if (!isHit(name, args)) {
        return original(...args);
      }
      writeHalf(name, args);
      throw failure(name);
    });
    patch(systemFs, name, (original) => (...args) => {
      if (!isHit(name, args)) {
        return original(...args);
      }
      writeHalf(name, args);
      return setImmediate(args.at(-1) as Callback, failure(name));
    });
    patch(systemPromises, name, (original) => async (...args) => {
      if (isHit(name, args)) {
        throw failure(name);
      }
      return original(...args);
    });
  }
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

const { writeSync } = systemFs;

function writeHalf(name: string, args: readonly unknown[]): void {
  if (name === 'write') {
    const [descriptor, bytes, offset, length, position] = args as [number, Uint8Array, number, number, number];
    writeSync(descriptor, bytes, offset, Math.floor(length / 2), position);
  }
}
