import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { searchTexts } from '../floor/readFloors.ts';
import { type Case, type CaseContext, expectEqual, type Plan, repeated, Skipped } from '../plan.ts';
import { storeIn } from '../sampleStore.ts';

/** In a few texts, and near the beginning of each. */
const RARE = 'Issue number 77';
const MOST_OUTPUT = 64 * 1024 * 1024;

export const SEARCH_CASES: Readonly<Record<string, Case>> = {
  'search in titles': () => {
    throw new Skipped('the store has no search yet');
  },
  'search in texts': () => {
    throw new Skipped('the store has no search yet');
  },
  'floor: scan the texts': ({ root, size }) => repeated(search(size, async () => searchTexts(storeIn(root), RARE).length)),
  ripgrep: ({ root, size }) => repeated(search(size, () => ripgrep(storeIn(root)))),
};

async function ripgrep(folder: string): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)('rg', ['-l', '--fixed-strings', RARE, folder], { maxBuffer: MOST_OUTPUT });
    return stdout.trimEnd().split('\n').length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Skipped('ripgrep is not installed');
    }
    throw error;
  }
}

function search(size: CaseContext['size'], sample: () => Promise<number>): Plan {
  const isFound = (number: number) => `# Issue number ${number}`.includes(RARE);
  const expected = Array.from({ length: size }, (_, index) => index + 1).filter(isFound).length;
  return { operations: 1, samples: 1, millis: 0, sample, check: (found) => expectEqual(found, expected) };
}
