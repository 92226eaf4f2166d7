import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { type MochaOptions, type Runner, reporters } from 'mocha';
import { sourceStack } from './sourceStack.ts';

/** What a run of one kind of test leaves behind. `failed` counts failed hooks as well. */
export interface TestResults {
  passed: number;
  failed: number;
  /** Full titles of tests that were not run on purpose. The project counts them as failures. */
  skipped: string[];
}

/**
 * mocha's `spec` reporter, which also writes {@link TestResults} into the file that the reporter option `file` names. It does so once,
 * at the very end: no file means that the run did not get there.
 */
export class ResultsReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const results: TestResults = { passed: 0, failed: 0, skipped: [] };
    runner.on('pass', () => {
      results.passed += 1;
    });
    // What a test that passes at last has failed with before tells of a race that somebody should look at.
    runner.on('retry', (test, error) => {
      makeReadable(error);
      console.log(`      failed, and is tried once more: ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    runner.on('fail', (_test, error) => {
      makeReadable(error);
      results.failed += 1;
    });
    runner.on('pending', (test) => {
      results.skipped.push(test.fullTitle());
    });
    runner.once('end', () => {
      const file: unknown = options.reporterOptions?.file;
      if (typeof file === 'string') writeFileSync(file, JSON.stringify(results));
    });
  }
}

/** Playwright paints its messages whatever it is told. */
function makeReadable(error: Error): void {
  error.message = stripVTControlCharacters(error.message);
  if (error.stack) error.stack = sourceStack(stripVTControlCharacters(error.stack));
}

// mocha loads a reporter by its path and wants the class itself.
// biome-ignore lint/style/noDefaultExport: it has no way to name an export.
export default ResultsReporter;
