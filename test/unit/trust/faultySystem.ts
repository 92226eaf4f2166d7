import systemFs from 'node:fs';
import systemPromises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Anything = (...args: unknown[]) => unknown;
type Callback = (error: unknown) => void;

const isNewFile = ([, flags]: readonly unknown[]) => flags === 'wx';
const always = () => true;

/** Calls by their names, with what tells which of them are meant. */
type CallFilters = Readonly<Record<string, (args: readonly unknown[]) => boolean>>;

/** The calls that need room on the disk, and so can find it full. */
const NEED_ROOM: CallFilters = {
  open: isNewFile,
  write: always,
  fsync: always,
  link: always,
  rename: always,
  mkdir: always,
};

/** The calls between which a file of the store can be something that it was not before. */
const CHANGE: CallFilters = { ...NEED_ROOM, ftruncate: always, truncate: always, unlink: always };

/**
 * Runs something while the system's own calls that write fail, the one with the number `nth`, from 1 on, with `code`. A write that fails has
 * put half of its bytes on the disk by then.
 * @returns whether there were as many calls.
 */
export function withSystemFault(nth: number, code: string, run: () => Promise<void>): Promise<boolean> {
  return atSystemCall(NEED_ROOM, nth, (name) => Object.assign(new Error(`${code}: made to fail, ${name}`), { code }), run);
}

/**
 * Runs something, and ends this very process as SIGKILL does in the place of its call number `nth`, from 1 on, that changes a file or the
 * name of one; in the middle of it, where it is a write.
 */
export async function killedAtSystemCall(nth: number, run: () => Promise<void>): Promise<void> {
  await atSystemCall(
    CHANGE,
    nth,
    () => {
      process.kill(process.pid, 'SIGKILL');
      return new Error('never seen');
    },
    run,
  );
}

/**
 * Counts the system's calls below the port of the disk, in whichever of their three forms, and has something else in the place of one.
 * @param instead what that call fails with.
 * @returns whether there were as many calls.
 */
async function atSystemCall(
  filters: CallFilters,
  nth: number,
  instead: (name: string) => Error,
  run: () => Promise<void>,
): Promise<boolean> {
  let calls = 0;
  const isHit = (name: string, args: readonly unknown[]) => filters[name]?.(args) === true && ++calls === nth;
  const restores: (() => void)[] = [];
  const patch = (target: object, name: string, wrap: (original: Anything) => Anything) => {
    const original = Reflect.get(target, name) as Anything | undefined;
    if (original !== undefined) {
      Reflect.set(target, name, wrap(original.bind(target)));
      restores.push(() => void Reflect.set(target, name, original));
    }
  };
  for (const name of Object.keys(filters)) {
    patch(systemFs, `${name}Sync`, (original) => (...args) => {
      if (!isHit(name, args)) {
        return original(...args);
      }
      writeHalf(name, args);
      throw instead(name);
    });
    patch(systemFs, name, (original) => (...args) => {
      if (!isHit(name, args)) {
        return original(...args);
      }
      writeHalf(name, args);
      return setImmediate(args.at(-1) as Callback, instead(name));
    });
    patch(systemPromises, name, (original) => async (...args) => {
      if (isHit(name, args)) {
        throw instead(name);
      }
      return original(...args);
    });
  }
  const handle = await handlePrototype();
  for (const [method, name] of Object.entries(HANDLE_CALLS)) {
    const original = Reflect.get(handle, method) as Anything;
    restores.push(() => void Reflect.set(handle, method, original));
    Reflect.set(handle, method, async function (this: FileHandle, ...args: unknown[]) {
      if (!isHit(name, args)) {
        return Reflect.apply(original, this, args);
      }
      const [bytes] = args as [Uint8Array];
      writeHalf(name, [this.fd, bytes, 0, bytes?.length, 0]);
      throw instead(name);
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

/** What an open file is asked for, and the system's call that this makes. */
const HANDLE_CALLS: Readonly<Record<string, string>> = { write: 'write', writeFile: 'write', sync: 'fsync', truncate: 'ftruncate' };

/** What all files that were opened by a promise have in common. */
async function handlePrototype(): Promise<object> {
  const handle = await systemPromises.open(process.execPath);
  try {
    return Object.getPrototypeOf(handle) as object;
  } finally {
    await handle.close();
  }
}

const { writeSync } = systemFs;

function writeHalf(name: string, args: readonly unknown[]): void {
  if (name === 'write') {
    const [descriptor, bytes, offset, length, position] = args as [number, Uint8Array, number, number, number];
    writeSync(descriptor, bytes, offset, Math.floor(length / 2), position);
  }
}
