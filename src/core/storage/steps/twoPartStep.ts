import type { Done, Step } from './runSteps.ts';

/** Moves a file and changes its text, in either order, as one step: the second part is planned on what the first has left. */
export function twoPartStep(first: Step, planSecond: () => Promise<Step>): Step {
  return {
    run: async (report) => {
      let firstDone: Done | undefined;
      await first.run((done) => {
        firstDone = done;
        report(done);
      });
      const second = await planSecond();
      return second.run((done) => report(firstDone === undefined ? done : together(firstDone, done)));
    },
  };
}

function together(first: Done, second: Done): Done {
  const [{ now: between, was }, { now }] = [first.undo, second.undo];
  const removed = first.change.removed ?? second.change.removed;
  // Whoever wrote to the file between the two parts must not lose that by an undo, so the version is that which was written here.
  const version = (was?.bytes === undefined ? now : between)?.version;
  return {
    change: { ...second.change, ...(removed && { removed }) },
    undo: {
      ...second.undo,
      ...(now && version !== undefined && { now: { key: now.key, version } }),
      ...(was && { was: { ...second.undo.was, ...was } }),
    },
  };
}
