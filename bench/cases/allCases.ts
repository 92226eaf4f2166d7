import type { Case } from '../plan.ts';
import { ARRANGE_CASES } from './arrangeCases.ts';
import { BATCH_CASES } from './batchCases.ts';
import { CHANGE_CASES } from './changeCases.ts';
import { GET_CASES } from './getCases.ts';
import { MEMORY_CASES } from './memoryCases.ts';
import { OPEN_CASES } from './openCases.ts';
import { PEER_CASES } from './peerCases.ts';
import { PRODUCT_CASES } from './productCases.ts';
import { SEARCH_CASES } from './searchCases.ts';
import { SEED_READERS, SEED_WRITERS } from './seedCases.ts';

const { 'batch get': batchGet, 'floor: get': floorGet, ...batchWriters } = BATCH_CASES;

/** How a case is warmed up: again and again in one small store, a few times in stores of its own, or not at all. */
export type CaseKind = 'reader' | 'writer' | 'fresh';

const CASES: Readonly<Record<CaseKind, Readonly<Record<string, Case | undefined>>>> = {
  reader: {
    ...OPEN_CASES,
    ...GET_CASES,
    ...SEARCH_CASES,
    ...ARRANGE_CASES,
    ...SEED_READERS,
    'batch get': batchGet,
    'floor: get': floorGet,
  },
  writer: { ...batchWriters, ...CHANGE_CASES, ...SEED_WRITERS },
  fresh: { ...MEMORY_CASES, ...PRODUCT_CASES, ...PEER_CASES },
};

export function findCase(name: string): { readonly kind: CaseKind; readonly plan: Case } {
  for (const kind of ['reader', 'writer', 'fresh'] as const) {
    const plan = CASES[kind][name];
    if (plan !== undefined) {
      return { kind, plan };
    }
  }
  throw new Error(`There is no case ${name}.`);
}
