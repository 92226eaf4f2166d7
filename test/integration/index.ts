/**
 * Entry of the integration tests. VS Code calls `run` in its extension host and waits for it. The test files are the `*.test.mjs` beside
 * the bundle of this file.
 *
 * `TEST_RESULTS` names the file for the results, `TEST_GREP` selects tests, `TEST_LOG` names a file for all output. Without them, as in
 * a debugging session, everything runs and is printed to the debug console.
 */
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { ResultsReporter } from '../support/resultsReporter.ts';

/** Sends what the tests and mocha print to a file: a server's extension host has no terminal, and a file survives a crash. */
function printTo(file: string): void {
  const print = (...values: unknown[]) => appendFileSync(file, `${format(...values)}\n`);
  Mocha.reporters.Base.consoleLog = print;
  // The extension host's console has accessors that ignore assignment.
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    Object.defineProperty(console, method, { value: print, configurable: true, writable: true });
  }
}

/** @throws if a test failed and there is no results file that says so: VS Code turns it into its exit code. */
export async function run(): Promise<void> {
  if (process.env.TEST_LOG) printTo(process.env.TEST_LOG);
  // For the reporter, so that stacks point at the tests' own lines.
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({
    timeout: 20_000,
    reporter: ResultsReporter,
    reporterOptions: { file: process.env.TEST_RESULTS },
    ...(process.env.TEST_GREP ? { grep: process.env.TEST_GREP } : {}),
  });
  const folder = import.meta.dirname;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.test.mjs')).sort()) mocha.addFile(join(folder, file));
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0 && !process.env.TEST_RESULTS) throw new Error(`${failures} test(s) failed.`);
}
