import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicNow } from './monotonicClock.ts';
import { changedText, samplePath } from './sampleStore.ts';

/** What the process that makes a burst is told. */
export interface BurstRequest {
  readonly root: string;
  /** Issues 1 to this number are saved. */
  readonly count: number;
  /** Ends every new text. */
  readonly mark: string;
}

const { root, count, mark } = JSON.parse(process.argv[2] ?? '') as BurstRequest;
for (let number = 1; number <= count; number++) {
  // Every other one as an editor saves and the rest in place, as programs do that know no better.
  if (number % 2 === 0) {
    const temporary = join(root, 'saved.tmp');
    writeFileSync(temporary, changedText(number, mark));
    renameSync(temporary, samplePath(root, number));
  } else {
    writeFileSync(samplePath(root, number), changedText(number, mark));
  }
}
process.stdout.write(String(monotonicNow()));
