import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueKey } from '../src/core/formats/numberedLayout.ts';
import type { IssueKey } from '../src/core/issue/issue.ts';

const SENTENCE = 'The listing shows every issue with its number, its title and how many of its tasks are done. ';
const SHORTEST = 500;
const LONGEST = 4000;

/** The text of sample issue `number`, always the same: a heading, prose and task boxes, 0.5 to 4 KB of it. */
export function sampleText(number: number): string {
  // A multiplicative hash spreads the lengths evenly over neighbouring numbers.
  const length = SHORTEST + ((number * 2_654_435_761) % (LONGEST - SHORTEST));
  const tasks = Array.from({ length: 1 + (number % 7) }, (_, index) => `- [${index % 2 === 0 ? 'x' : ' '}] Task ${index + 1}`).join('\n');
  const head = `# Issue number ${number}\n\n## Tasks\n${tasks}\n\n## Notes\n`;
  return `${(head + SENTENCE.repeat(Math.ceil(length / SENTENCE.length))).slice(0, length)}\n`;
}

/** Another text for the issue, which is longer by the length of `mark`. */
export function changedText(number: number, mark = 'Updated.\n'): string {
  return sampleText(number) + mark;
}

/** The file's name, without the extension. */
function sampleId(number: number): string {
  return `${String(number).padStart(6, '0')}_issue-${number}`;
}

export function sampleKey(number: number): IssueKey {
  return issueKey(sampleId(number), false);
}

/** Absolute path of the file of an issue that is not complete. */
export function samplePath(root: string, number: number): string {
  return join(storeIn(root), `${sampleId(number)}.md`);
}

/** The store of a workspace folder. */
export function storeIn(root: string): string {
  return join(root, 'issues');
}

/** Makes a new workspace folder whose store has issues 1 to `count`, all of them active as in the seed's benchmarks. */
export function makeSampleStore(root: string, count: number): void {
  mkdirSync(storeIn(root), { recursive: true });
  for (let number = 1; number <= count; number++) {
    writeFileSync(samplePath(root, number), sampleText(number), { flag: 'wx' });
  }
}
