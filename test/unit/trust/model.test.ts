import fc from 'fast-check';
import { scaled, TRUST_TIMEOUT_MS } from './scale.ts';
import { type Step, stepsOf } from './steps.ts';
import { STORE_KINDS, type StoreKind } from './storeKinds.ts';
import { World } from './world.ts';

const RUNS = scaled(60, 2_000);

async function inWorld(kind: StoreKind, steps: readonly Step[], finish: (world: World) => Promise<void>): Promise<void> {
  const world = new World(kind);
  try {
    await world.open();
    for (const step of steps) {
      await world.run(step);
    }
    await finish(world);
  } finally {
    world.dispose();
  }
}

for (const kind of STORE_KINDS) {
  describe(`IssueStore ${kind.title}, whatever happens to it and in whatever order`, () => {
    it('is what the disk says after a refresh, even if hints were lost', async () => {
      const property = fc.asyncProperty(stepsOf(true), (steps) =>
        inWorld(kind, steps, async (world) => {
          await world.quiet();
          await world.refresh();
          // In the midst of changes the store would not yet have gone to another place.
          await world.quiet();
          await world.check();
        }),
      );
      await fc.assert(property, { numRuns: RUNS });
    }).timeout(TRUST_TIMEOUT_MS);

    it('is what the disk says without one, if hints were only late, doubled and out of order', async () => {
      const property = fc.asyncProperty(stepsOf(false), (steps) =>
        inWorld(kind, steps, async (world) => {
          await world.quiet();
          await world.check();
        }),
      );
      await fc.assert(property, { numRuns: RUNS });
    }).timeout(TRUST_TIMEOUT_MS);
  });
}
