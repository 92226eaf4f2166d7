import type { Done, Step } from './runSteps.ts';

/** Moves a file and changes its text as one step, in either order. The second part is planned on the result of the first. */
export function twoPartStep(first: Step, planSecond: () => Promise<Step>): Step {
  return {
    run: async (report) => {
      let firstDone: Done | undefined;
      await first.run((done) => {
        firstDone = done;
        report(done);
      });
      const second = await planSecond();
      return second.run((done) => report(firstDone === undefined ? done : combine(firstDone, done)));
    },
  };
}

function combine(first: Done, second: Done): Done {
  const [{ now: afterFirst, was }, { now }] = [first.undo, second.undo];
  const removed = first.change.removed ?? second.change.removed;
  // Another writer may have changed the file between the two parts. The undo must not lose that change, so it expects the version that this
  // step wrote.
  const version = (was?.bytes === undefined ? now : afterFirst)?.version;
  return {
    change: { ...second.change, ...(removed && { removed }) },
    undo: {
      ...second.undo,
      ...(now && version !== undefined && { now: { key: now.key, version } }),
      ...(was && { was: { ...second.undo.was, ...was } }),
    },
  };
}
