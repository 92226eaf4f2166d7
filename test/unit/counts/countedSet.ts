import assert from 'node:assert/strict';
import type { Clock, Schedule } from '../../../src/core/clock.ts';
import { IssueStore } from '../../../src/core/store/issueStore.ts';
import type { IssueStoreOptions } from '../../../src/core/store/storeOptions.ts';
import { type OpenedStore, StoreSet, type StoreSetSettings } from '../../../src/core/store/storeSet.ts';
import type { CountingDisk } from '../support/countingDisk.ts';
import { SETTINGS } from '../support/openStore.ts';

const AUTO: StoreSetSettings = { stores: ['auto'], ignoredFormats: [], hasUsual: true };

export interface CountedSetOptions extends Pick<IssueStoreOptions, 'watch' | 'indexFolder'> {
  readonly disk: CountingDisk;
  readonly clock: Clock;
  readonly schedule: Schedule;
}

/** The stores of a workspace folder, opened as the extension opens them. */
export function openCountedSet(
  root: string,
  options: CountedSetOptions,
  { folder, ...more }: Partial<StoreSetSettings> & { readonly folder?: string } = {},
) {
  const failed = (error: unknown) => assert.fail(String(error));
  const logger = { debug: () => {}, info: () => {}, warn: failed, error: failed };
  const openings: Promise<void>[] = [];
  const set: StoreSet<OpenedStore> = new StoreSet<OpenedStore>({
    ...{ root, logger, settings: { ...AUTO, ...more }, ...options },
    open: ({ format, place }) => {
      const where = place === undefined ? { isAwaited: true } : { place };
      const store = new IssueStore({ root, format, ...where, settings: { ...SETTINGS, folder }, logger, ...options });
      store.onDidChangeState(() => set.follow());
      openings.push(store.open());
      return { store, dispose: () => store.dispose() };
    },
    onDidChange: () => undefined,
  });
  const isOpen = async () => {
    await set.found;
    await Promise.all(openings);
  };
  return { set, isOpen };
}
