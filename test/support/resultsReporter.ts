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
    runner.on('fail', (_test, error) => {
      // Playwright paints its messages whatever it is told.
      error.message = stripVTControlCharacters(error.message);
      if (error.stack) error.stack = sourceStack(stripVTControlCharacters(error.stack));
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

// mocha loads a reporter by its path and wants the class itself.
// biome-ignore lint/style/noDefaultExport: it has no way to name an export.
export default ResultsReporter;
