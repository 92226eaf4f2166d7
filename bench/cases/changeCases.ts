import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { IssueChange } from '../../src/core/catalogue/issueCatalogue.ts';
import type { IssueStore } from '../../src/core/store/issueStore.ts';
import type { BurstRequest } from '../makeBurst.ts';
import { monotonicNow } from '../monotonicClock.ts';
import { type Case, type CaseContext, expectEqual, numbersFrom, type Plan } from '../plan.ts';
import { BURST } from '../rows.ts';
import { changedText, sampleKey, samplePath } from '../sampleStore.ts';
import { newStore, StoreUnderTest, silentWatch } from './openStore.ts';

const CHANGES = 20;
/** After so long without an event a burst is over, in milliseconds: longer than any of the store's own timers that follow changes. */
const QUIET_MS = 1000;
const DEADLINE_MS = 60_000;

export const CHANGE_CASES: Readonly<Record<string, Case>> = {
  'one change': oneChange,
  'burst of changes': burst,
  'one reconcile': oneReconcile,
};

/** From the moment in which a file has another text to the event, with a coalescing window of 0. */
function oneChange(context: CaseContext): Plan {
  const { root, first, scratch } = context;
  const under = new StoreUnderTest(() => newStore(context, { coalescingWindow: 0 }));
  let number = first;
  const temporary = join(scratch, 'saved.md');
  return {
    operations: 1,
    samples: CHANGES,
    millis: 0,
    hasBlock: true,
    prepare: async () => {
      mkdirSync(scratch, { recursive: true });
      await under.open();
    },
    before: async () => writeFileSync(temporary, changedText(number)),
    sample: async () => {
      const told = nextChange(under.store);
      renameSync(temporary, samplePath(root, number));
      return told;
    },
    check: (change) => {
      expectEqual((change as IssueChange).changed.map(({ key }) => key).join(' '), sampleKey(number));
      number++;
    },
    finish: under.dispose,
  };
}

/** From the end of a burst to the event after which the store knows all of it. */
function burst(context: CaseContext): Plan {
  const under = new StoreUnderTest(() => newStore(context));
  const count = Math.min(BURST, context.size);
  const mark = nextMark(context);
  const knowsBurst = burstKnower(count, mark);
  let events = 0;
  return {
    operations: 1,
    samples: 1,
    millis: 0,
    hasBlock: true,
    prepare: under.open,
    sample: async () => {
      let knownAt: number | undefined;
      let lastEventAt = monotonicNow();
      const listener = under.store.onDidChange(() => {
        events++;
        lastEventAt = monotonicNow();
        knownAt ??= knowsBurst(under.store) ? lastEventAt : undefined;
      });
      const endedAt = await changeMany(context, count, mark);
      while (knownAt === undefined || monotonicNow() - lastEventAt < QUIET_MS) {
        if (monotonicNow() - lastEventAt > DEADLINE_MS) {
          throw new Error('The store does not come to know the burst.');
        }
        await setTimeout(QUIET_MS / 10);
      }
      listener.dispose();
      return Math.max(knownAt - endedAt, 0);
    },
    millisOf: Number,
    check: () => expectEqual(knowsBurst(under.store), true),
    figures: () => ({ events }),
    finish: under.dispose,
  };
}

/** The same changes, which nobody tells of, found by one look at everything. */
function oneReconcile(context: CaseContext): Plan {
  const under = new StoreUnderTest(() => newStore(context, {}, { watch: silentWatch }));
  const count = Math.min(BURST, context.size);
  const mark = nextMark(context);
  const knowsBurst = burstKnower(count, mark);
  return {
    operations: 1,
    samples: 1,
    millis: 0,
    hasBlock: true,
    prepare: async () => {
      await under.open();
      await changeMany(context, count, mark);
      // What has just been written is read a second time, which is no part of the one look.
      await setTimeout(QUIET_MS);
    },
    sample: () => under.store.refresh(),
    check: () => expectEqual(knowsBurst(under.store), true),
    finish: under.dispose,
  };
}

function nextChange(store: IssueStore): Promise<IssueChange> {
  return new Promise((resolve) => {
    const listener = store.onDidChange((change) => {
      listener.dispose();
      resolve(change);
    });
  });
}

const MARK = 'Checked out.\n';

/** What makes every text longer than the burst before has left it, for bursts share a store, and the same bytes are no change. */
function nextMark({ root }: CaseContext): string {
  const { size } = statSync(samplePath(root, 1));
  let mark = MARK;
  while (changedText(1, mark).length <= size) {
    mark += MARK;
  }
  return mark;
}

/** Tells whether a store knows every change of a burst. Cheap, because it is asked while the store is at work. */
function burstKnower(count: number, mark: string): (store: IssueStore) => boolean {
  const sizes = numbersFrom(1, count).map((number) => [sampleKey(number), changedText(number, mark).length] as const);
  return ({ catalogue }) => sizes.every(([key, size]) => catalogue.get(key)?.summary.size === size);
}

/** Has another process save these issues. @returns when the last was, on the monotonic clock. */
async function changeMany({ root }: CaseContext, count: number, mark: string): Promise<number> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'makeBurst.mjs');
  const request: BurstRequest = { root, count, mark };
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(request)]);
  return Number(stdout);
}
