import { isCompleted } from '../../src/core/issue/issueState.ts';
/**
 * Changes a store as a process of its own, for tests of what several do to one at a time.
 *
 * Says that it is ready, begins when it gets a {@link WorkOrder}, and answers with what it has done.
 */

import type { Issue } from '../../src/core/issue/issue.ts';
import { IssueError } from '../../src/core/issue/issueErrors.ts';
import type { BatchIssueStorage } from '../../src/core/storage/issueStorage.ts';
import { fileStorage } from '../unit/support/storages.ts';

interface CreateOrder {
  readonly kind: 'create';
  readonly drafts: readonly { readonly name: string; readonly content: string }[];
  /** How many at a time go into one batch; one is a create of its own. */
  readonly atOnce: number;
}

/** Appends line after line to each of these issues, and reads it again whenever somebody else was faster. */
interface AppendOrder {
  readonly kind: 'append';
  readonly ids: readonly string[];
  readonly lines: readonly string[];
}

/** Completes and reopens issues, whatever others make of them meanwhile, until it has moved so many. */
interface MoveOrder {
  readonly kind: 'move';
  readonly ids: readonly string[];
  readonly moves: number;
}

export type WorkOrder = { readonly folder: string } & (CreateOrder | AppendOrder | MoveOrder);

export interface Work {
  /** Of what was created, in the order of the drafts. */
  readonly keys: readonly string[];
  /** The codes of the errors that others were the cause of. */
  readonly refusals: readonly string[];
}

export type WorkerAnswer = { readonly ready: true } | Work | { readonly error: string };

async function create(storage: BatchIssueStorage, { drafts, atOnce }: CreateOrder): Promise<Work> {
  const keys: string[] = [];
  for (let index = 0; index < drafts.length; index += atOnce) {
    const { issues } = await storage.createIssuesBatch(drafts.slice(index, index + atOnce));
    keys.push(...issues.map(({ key }) => key));
  }
  return { keys, refusals: [] };
}

async function append(storage: BatchIssueStorage, { ids, lines }: AppendOrder): Promise<Work> {
  const refusals: string[] = [];
  for (const [line, id] of lines.flatMap((each) => ids.map((id) => [each, id] as const))) {
    const change = async () => {
      const { content, version } = await storage.getIssue(id);
      return storage.updateIssue(id, content + line, { expectedVersion: version });
    };
    while ((await unlessRefused(change, refusals)) === undefined) {
      // Somebody else was faster.
    }
  }
  return { keys: [], refusals };
}

async function move(storage: BatchIssueStorage, { ids, moves }: MoveOrder): Promise<Work> {
  const refusals: string[] = [];
  for (let done = 0, turn = 0; done < moves; turn++) {
    const id = ids[turn % ids.length] ?? '';
    const change = async () => {
      return isCompleted(await storage.getIssue(id)) ? storage.reopen(id) : storage.markComplete(id);
    };
    done += (await unlessRefused(change, refusals)) === undefined ? 0 : 1;
  }
  return { keys: [], refusals };
}

/** @returns undefined if the store refused, and then the code of its error is one more. */
async function unlessRefused(change: () => Promise<Issue>, refusals: string[]): Promise<Issue | undefined> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof IssueError)) {
      throw error;
    }
    refusals.push(error.code);
    return undefined;
  }
}

function obey(order: WorkOrder): Promise<Work> {
  const storage = fileStorage({ folder: order.folder });
  switch (order.kind) {
    case 'create':
      return create(storage, order);
    case 'append':
      return append(storage, order);
    case 'move':
      return move(storage, order);
  }
}

function say(answer: WorkerAnswer): void {
  process.send?.(answer);
}

process.once('message', (order: WorkOrder) => {
  obey(order)
    .then(
      (work) => say(work),
      (error: unknown) => say({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    .finally(() => process.disconnect());
});
say({ ready: true });
