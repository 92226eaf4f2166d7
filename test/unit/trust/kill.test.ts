import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isTemporaryName } from '../../../src/core/disk/temporaryNames.ts';
import { parseIssueId } from '../../../src/core/issue/issueFileName.ts';
import { readIndependently } from '../support/openStore.ts';
import { fileStorage } from '../support/storages.ts';
import { TemporaryFolder } from '../support/temporaryFolder.ts';
import {
  createdText,
  KILLED_AT_ARGUMENT,
  type Progress,
  SLOTS,
  slotName,
  slotText,
  WRITER_ARGUMENT,
  writeUntilCall,
  writeUntilKilled,
} from './killedWriter.ts';
import { scaled, TRUST_TIMEOUT_MS, trustSeed } from './scale.ts';

const KILLS = scaled(25, 500);
/** A writer is killed after 1 to this many changes. */
const MOST_CHANGES = 40;

/** Every text that the file with this key may hold. */
function possibleTexts(id: string): readonly string[] {
  const { number = 0, name } = parseIssueId(id);
  return SLOTS.some((slot) => slot === number) ? [slotText(number, 0), slotText(number, 1)] : [createdText(name)];
}

/** Numbers from 0 up to, but not including, 1 that depend on the seed alone (mulberry32). */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A writer as a process of its own, and what it has complained of so far. */
function startWriter(...args: readonly string[]): { readonly writer: ChildProcess; readonly errors: () => string } {
  const writer = fork(fileURLToPath(import.meta.url), args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  writer.stderr?.on('data', (text) => {
    errors += String(text);
  });
  return { writer, errors: () => errors };
}

/** Runs a writer and kills it when it has told of so many changes. @returns the numbers of all issues that it told of. */
async function writeAndKill(folder: string, changes: number): Promise<Set<number>> {
  const { writer, errors } = startWriter(WRITER_ARGUMENT, folder);
  const numbers = new Set<number>();
  let told = 0;
  writer.on('message', ({ number }: Progress) => {
    numbers.add(number);
    if (++told === changes) {
      writer.kill('SIGKILL');
    }
  });
  await once(writer, 'close');
  assert.ok(told >= changes, `The writer ended by itself after ${told} changes: ${errors()}`);
  return numbers;
}

/** @returns whether the writer came as far as this call, and was killed there. */
async function isKilledAt(folder: string, call: number): Promise<boolean> {
  const { writer, errors } = startWriter(KILLED_AT_ARGUMENT, folder, String(call));
  const [code, signal] = await once(writer, 'close');
  assert.ok(signal === 'SIGKILL' || code === 0, `The writer failed: ${errors()}`);
  return signal === 'SIGKILL';
}

/** Does something in a store of its own, whose failure says where that was. */
async function inStore(where: string, act: (folder: TemporaryFolder) => Promise<void>): Promise<void> {
  const folder = new TemporaryFolder();
  try {
    folder.makeFolder('complete');
    for (const slot of SLOTS) {
      folder.write(`00000${slot}_${slotName(0)}.md`, slotText(slot, 0));
    }
    await act(folder);
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    folder.dispose();
  }
}

/** What a store must hold whenever its writer is killed. */
async function assertWhole(folder: TemporaryFolder, numbers: ReadonlySet<number>): Promise<void> {
  const found = readIndependently(folder.path);
  const byNumber = new Map<number, Buffer>();
  for (const [key, bytes] of found) {
    const id = key.replace('complete/', '');
    const text = bytes.toString();
    assert.ok(possibleTexts(id).includes(text), `${key} holds ${bytes.length} bytes of no text that was ever written to it`);
    const number = parseIssueId(id).number ?? 0;
    const other = byNumber.get(number);
    assert.ok(other === undefined || other.equals(bytes), `${key} is there twice, with two texts`);
    byNumber.set(number, bytes);
  }
  for (const number of [...SLOTS, ...numbers]) {
    assert.ok(byNumber.has(number), `issue ${number} is lost`);
  }
  const others = [...readdirSync(folder.path), ...readdirSync(folder.join('complete'))].filter((name) => !name.endsWith('.md'));
  for (const name of others) {
    assert.ok(isTemporaryName(name) || name === 'complete', `${name} was left behind`);
  }
  const listed = await fileStorage({ folder: folder.path }).listIssues();
  assert.deepEqual(listed.map(({ key }) => key as string).sort(), [...found.keys()].sort());
  assert.deepEqual(
    listed.filter(({ problem }) => problem !== undefined),
    [],
  );
}

function suite() {
  it(`is whole after each of ${KILLS} kills`, async function () {
    this.timeout(TRUST_TIMEOUT_MS);
    const seed = trustSeed();
    const random = randoms(seed);
    for (let kill = 1; kill <= KILLS; kill++) {
      await inStore(`TRUST_SEED=${seed}, kill ${kill}`, async (folder) => {
        const changes = 1 + Math.floor(random() * MOST_CHANGES);
        await assertWhole(folder, await writeAndKill(folder.path, changes));
      });
    }
  });

  it('is whole when it is killed at any call of the system', async function () {
    this.timeout(TRUST_TIMEOUT_MS);
    let call = 0;
    for (let isKilled = true; isKilled; ) {
      call++;
      await inStore(`call ${call}`, async (folder) => {
        isKilled = await isKilledAt(folder.path, call);
        await assertWhole(folder, new Set());
      });
    }
    assert.ok(call > 30, `only ${call} calls`);
  });
}

// The writer is this very bundle, started without mocha.
const [, , argument, folder = '', lastCall] = process.argv;
if (argument === WRITER_ARGUMENT) {
  await writeUntilKilled(folder);
} else if (argument === KILLED_AT_ARGUMENT) {
  await writeUntilCall(folder, Number(lastCall));
} else {
  describe('a store whose writer is killed', suite);
}
