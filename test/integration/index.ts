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
import { workspace } from 'vscode';
import { until } from '../support/polling.ts';
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

/**
 * @throws before any test if VS Code does not open its workspace, which happens where it is started for the first time; after the tests if
 * one failed and there is no results file that says so. VS Code turns it into its exit code.
 */
export async function run(): Promise<void> {
  // Before anything is printed to the file, which tells the runner whether the tests have begun.
  await until(() => (workspace.workspaceFolders?.length ?? 0) > 0, 'VS Code to open its workspace', 30_000);
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
