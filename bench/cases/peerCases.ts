import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LISTED, PEERS, type Peer } from '../peers/peer.ts';
import { type Case, type CaseContext, expectEqual, type Plan, Skipped } from '../plan.ts';
import { saveIndex } from './openCases.ts';

const LISTS = 3;

/** Lists as commands: each time a process, whose start is part of what its user waits for. */
export const PEER_CASES: Readonly<Record<string, Case>> = {
  'list, a process': (context) => ourLists(context, []),
  'list, a process with an index': (context) => {
    const indexFolder = join(context.scratch, 'index');
    return { ...ourLists(context, [indexFolder]), prepare: () => saveIndex(context, indexFolder) };
  },
  ...Object.fromEntries(
    Object.entries(PEERS).map(([name, peer]) => [`${name}: list`, (context: CaseContext) => peerLists(name, peer, context)]),
  ),
};

interface Command {
  /** Where it works. */
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly listed: RegExp;
}

function ourLists({ root, format, size, scratch }: CaseContext, args: readonly string[]): Plan {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'peers/listAsProcess.cjs');
  return lists(size, scratch, {
    ...{ folder: scratch, environment: {}, listed: LISTED },
    ...{ command: process.execPath, args: [script, root, format, ...args] },
  });
}

function peerLists(name: string, peer: Peer, { root, size, scratch }: CaseContext): Plan {
  const found = peer.find();
  if (found === undefined) {
    throw new Skipped(`${name} is not installed`);
  }
  const { command, args } = found;
  const folder = peer.makeStore === undefined ? root : scratch;
  const plan = lists(size, scratch, {
    folder,
    command,
    args: [...args, ...peer.list],
    environment: peer.environment(folder),
    listed: peer.listed,
  });
  const prepare = async () => {
    peer.makeStore?.(folder, size);
    try {
      // What it does once for a new store, such as numbering it, is done by then.
      await plan.check(await plan.sample());
    } catch (error) {
      throw new Skipped(`${name} does not list them: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return { ...plan, prepare };
}

function lists(size: number, scratch: string, { folder, command, args, environment, listed }: Command): Plan {
  mkdirSync(scratch, { recursive: true });
  // Into a file and not through a pipe, into which some write no more than it holds.
  const output = join(scratch, 'listed.txt');
  const sample = () =>
    new Promise<void>((resolve, reject) => {
      const file = openSync(output, 'w');
      const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', file, 'inherit'] });
      closeSync(file);
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}.`))));
    });
  const check = () => expectEqual(readFileSync(output, 'utf8').match(listed)?.length, size);
  return { operations: 1, samples: LISTS, millis: 0, sample, check };
}
