import assert from 'node:assert/strict';
import { Emitter } from '../../src/core/events.ts';
import { registerWatchFailureNotice, type WatchFailureDeps } from '../../src/extension/stores/watchFailureNotice.ts';
import type { WorkspaceStore } from '../../src/extension/stores/workspaceStores.ts';
import { useAnswers } from './support/answers.ts';
import { nextEvent } from './support/events.ts';

function rethrow(error: unknown): never {
  throw error;
}

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: rethrow };

/** A store of which only the watcher can be seen. */
function failingStore() {
  const changed = new Emitter<WorkspaceStore>(rethrow);
  const retried = new Emitter<void>(rethrow);
  const store = { watchFailure: undefined as string | undefined, state: 'watching', tries: 0 };
  const source = {
    name: 'alpha',
    store: {
      get watchFailure() {
        return store.watchFailure;
      },
      snapshot: () => ({ watcher: store.state }),
      retryWatching: async () => {
        store.tries++;
        retried.fire();
      },
    },
  } as unknown as WorkspaceStore;
  const become = (state: string, watchFailure?: string) => {
    Object.assign(store, { state, watchFailure });
    changed.fire(source);
  };
  const stores: WatchFailureDeps['stores'] = { all: [source], onDidChangeState: changed.event };
  return { stores, store, become, onDidRetry: retried.event };
}

describe('a watcher that fails', () => {
  const answers = useAnswers();

  it('is told of once, with the reason, until it has recovered', () => {
    const { stores, become } = failingStore();
    const notice = registerWatchFailureNotice({ stores, logger });
    become('failed', 'ENOSPC: no watches left');
    become('failed', 'ENOSPC: no watches left');
    become('failed', 'EIO: another reason');
    const told = {
      kind: 'warning',
      text: 'Automatic refresh is off for “alpha” (ENOSPC: no watches left). It is retried from time to time.',
      actions: ['Retry Now', 'Show Log'],
    };
    assert.deepEqual(answers.messages, [told]);
    become('watching');
    become('failed', 'ENOSPC: no watches left');
    assert.deepEqual(answers.messages, [told, told]);
    notice.dispose();
    become('watching');
    become('failed', 'ENOSPC: no watches left');
    assert.equal(answers.messages.length, 2);
  });

  it('is told of if it has failed before anyone listened', () => {
    const { stores, become } = failingStore();
    become('failed', 'EIO');
    registerWatchFailureNotice({ stores, logger }).dispose();
    assert.equal(answers.messages.length, 1);
  });

  it('is tried again at once when that is chosen', async () => {
    const { stores, become, onDidRetry, store } = failingStore();
    answers.chosen = ({ actions }) => actions[0];
    const notice = registerWatchFailureNotice({ stores, logger });
    const retried = nextEvent(onDidRetry, 'the next try');
    become('failed', 'EIO');
    await retried;
    notice.dispose();
    assert.equal(store.tries, 1);
  });
});
