import type { Claim, CreateOptions, Disk, FileRead, FileStat, StatOptions, TakeEntry } from '../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../src/core/disk/nodeDisk.ts';

export type DiskMethod = keyof Disk;

/** One call of a method: for a move, the path is where the file went. */
export interface DiskCall {
  readonly method: DiskMethod;
  readonly path: string;
}

/** Which calls something happens to. Every part that is given must fit. */
export interface CallFilter {
  readonly method: DiskMethod | readonly DiskMethod[];
  /** What the path ends with. */
  readonly path?: string;
  /** Only the call with this number among those that fit, from 1 on; every one of them unless given. */
  readonly nth?: number;
}

interface Trap {
  readonly filter: CallFilter;
  seen: number;
  /** Called before the real disk is. */
  readonly spring: (call: DiskCall) => unknown;
}

const READERS: readonly DiskMethod[] = ['list', 'stat', 'statSync', 'realPath', 'read', 'readSync'];

/** A call that is held until the test lets it go on. */
export interface Pause {
  /** Resolves when the call has come. */
  readonly reached: Promise<void>;
  resume(): void;
}

/** The machine's disk, with every call written down, and with failures and pauses where a test wants them. */
export class CountingDisk implements Disk {
  readonly #inner: Disk;
  readonly #traps = new Set<Trap>();
  #calls: DiskCall[] = [];
  #underWay = 0;

  constructor(inner: Disk = new NodeDisk()) {
    this.#inner = inner;
  }

  get calls(): readonly DiskCall[] {
    return this.#calls;
  }

  /** How many asynchronous calls have not ended yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** How often these methods were called, both halves of a pair if a test does not care which. */
  count(...methods: readonly DiskMethod[]): number {
    return this.#calls.filter(({ method }) => methods.includes(method)).length;
  }

  /** The calls that could have changed something. */
  get writes(): readonly DiskCall[] {
    return this.#calls.filter(({ method }) => !READERS.includes(method));
  }

  /** Forgets the calls so far. */
  reset(): void {
    this.#calls = [];
  }

  /** Makes calls fail with this code. @returns how to stop it. */
  fail(filter: CallFilter, code: string): () => void {
    return this.#trap(filter, ({ method, path }) => {
      throw Object.assign(new Error(`${code}: made to fail, ${method} '${path}'`), { code });
    });
  }

  /** Does something right before a call, such as what another program does at that very moment. It must be synchronous. */
  before(filter: CallFilter, act: (call: DiskCall) => void): () => void {
    return this.#trap(filter, act);
  }

  /** Holds the first asynchronous call that fits. */
  pause(filter: CallFilter): Pause {
    const [reached, arrive] = settleable();
    const [resumed, resume] = settleable();
    const stop = this.#trap(filter, () => {
      stop();
      arrive();
      return resumed;
    });
    return { reached, resume };
  }

  list(folder: string, take: TakeEntry): Promise<boolean> {
    return this.#call('list', folder, () => this.#inner.list(folder, take));
  }

  stat(path: string, options?: StatOptions): Promise<FileStat | undefined> {
    return this.#call('stat', path, () => this.#inner.stat(path, options));
  }

  statSync(path: string): FileStat | undefined {
    return this.#callSync('statSync', path, () => this.#inner.statSync(path));
  }

  realPath(path: string): Promise<string | undefined> {
    return this.#call('realPath', path, () => this.#inner.realPath(path));
  }

  read(path: string): Promise<FileRead> {
    return this.#call('read', path, () => this.#inner.read(path));
  }

  readSync(path: string): FileRead {
    return this.#callSync('readSync', path, () => this.#inner.readSync(path));
  }

  claim(path: string): Promise<Claim> {
    return this.#call('claim', path, () => this.#inner.claim(path));
  }

  create(path: string, bytes: Uint8Array, options?: CreateOptions): Promise<FileStat> {
    return this.#call('create', path, () => this.#inner.create(path, bytes, options));
  }

  replace(path: string, bytes: Uint8Array, seen: FileRead): Promise<FileStat> {
    return this.#call('replace', path, () => this.#inner.replace(path, bytes, seen));
  }

  move(from: string, to: string): Promise<FileStat> {
    return this.#call('move', to, () => this.#inner.move(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#call('remove', path, () => this.#inner.remove(path));
  }

  makeFolder(path: string): Promise<void> {
    return this.#call('makeFolder', path, () => this.#inner.makeFolder(path));
  }

  #trap(filter: CallFilter, spring: (call: DiskCall) => unknown): () => void {
    const trap: Trap = { filter, seen: 0, spring };
    this.#traps.add(trap);
    return () => void this.#traps.delete(trap);
  }

  async #call<T>(method: DiskMethod, path: string, run: () => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      for (const trap of this.#note({ method, path })) {
        await trap.spring({ method, path });
      }
      return await run();
    } finally {
      this.#underWay--;
    }
  }

  #callSync<T>(method: DiskMethod, path: string, run: () => T): T {
    for (const trap of this.#note({ method, path })) {
      trap.spring({ method, path });
    }
    return run();
  }

  #note(call: DiskCall): Trap[] {
    this.#calls.push(call);
    return [...this.#traps].filter((trap) => {
      const { method, path, nth } = trap.filter;
      if (![method].flat().includes(call.method) || (path !== undefined && !call.path.endsWith(path))) {
        return false;
      }
      trap.seen++;
      return nth === undefined || trap.seen === nth;
    });
  }
}

function settleable(): readonly [Promise<void>, () => void] {
  let settle: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return [promise, settle];
}
