/**
 * Runs the integration tests inside a real extension host. `tools/test.mjs` starts it; the verdict is the results file that the suite
 * writes, because VS Code ends with 0 also when its extension host dies under the suite.
 *
 *   node tools/runIntegrationTests.mjs RESULTS_FILE [GREP]
 *
 * Which VS Code:
 *   VSCODE_EXECUTABLE=/path/to/code   that desktop VS Code
 *   VSCODE_TEST_HOST=desktop          desktop, downloaded by @vscode/test-electron, and nothing else
 *   VSCODE_TEST_HOST=server           the server build with a headless browser
 *   (nothing)                         desktop where there is a screen and the download works, else the server build
 */
import { closeSync, existsSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { startBoth } from './launchBrowser.mjs';
import { inRoot, root } from './paths.mjs';
import { makeIntegrationSandbox } from './sandbox.mjs';
import { ensureBrowser, ensureServer, vscodeVersion, wantedVersion } from './setup.mjs';
import { windowUrl } from './vscodeServer.mjs';

const suite = inRoot('out/test/integration/index.mjs');
const limit = 300_000;
const verbose = Boolean(process.env.TEST_VERBOSE);

/** Prints what the suite appends to a file, while it runs: a server's extension host has no terminal, and a host that dies loses nothing. */
function follow(file) {
  writeFileSync(file, '');
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(65_536);
  const read = () => {
    for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer))
      process.stdout.write(buffer.subarray(0, count));
  };
  const timer = setInterval(read, 100);
  return () => {
    clearInterval(timer);
    read();
    closeSync(descriptor);
  };
}

/** @returns {Promise<string>} settles when the time is up. */
const timeout = () =>
  new Promise((done) => {
    setTimeout(() => done(`no end after ${limit / 1000} s`), limit).unref();
  });

/** Complaints of a machine without internet, which say nothing about the tests. */
const harmless = /ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|open-vsx|Service Worker|fetching the script/;

/** @returns {Promise<string | undefined>} why the suite cannot have ended in order; undefined if VS Code says that it has. */
async function runOnServer(box, env) {
  await ensureServer();
  await ensureBrowser();
  console.log(`VS Code ${vscodeVersion()}, server build`);
  const log = (text) => verbose && process.stdout.write(text);
  const [server, browser] = await startBoth(box, { testDriver: true, env, log });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const errors = [];
    page.on('console', (message) => {
      if (verbose) console.log('[window]', message.text());
      if (message.type() === 'error' && !harmless.test(message.text())) errors.push(message.text());
    });
    const finished = new Promise((done) => {
      // VS Code calls this when run() has settled, with 0 or 1, or when the extension host is gone.
      void page.exposeFunction('codeAutomationExit', (code) => done(code === 0 ? undefined : `exit code ${code}`));
      page.once('crash', () => done('the page crashed'));
      browser.once('disconnected', () => done('the browser ended'));
      void server.ended.then((how) => done(`the server ended (${how})`));
    });
    await page.goto(windowUrl(server, { open: box.open, extension: root, tests: suite }), { waitUntil: 'commit' });
    const how = await Promise.race([finished, timeout()]);
    return how && [how, ...errors.slice(-3)].join('\n');
  } finally {
    await browser.close().catch(() => undefined);
    await server.stop();
  }
}

/** The same on a desktop VS Code. */
async function runOnDesktop(vscodeExecutablePath, box, env) {
  console.log(`Desktop VS Code, ${vscodeExecutablePath}`);
  const quiet = ['--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'];
  const finished = runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    extensionTestsEnv: env,
    launchArgs: [box.open, ...quiet, '--user-data-dir', box.user, '--extensions-dir', box.extensions],
  });
  return Promise.race([finished.then((code) => (code === 0 ? undefined : `exit code ${code}`), String), timeout()]);
}

/** @returns {Promise<string | undefined>} the desktop to use; undefined for the server build. */
async function findDesktop() {
  const host = process.env.VSCODE_TEST_HOST;
  if (host === 'server') return undefined;
  if (process.env.VSCODE_EXECUTABLE) return resolve(process.env.VSCODE_EXECUTABLE);
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen && host !== 'desktop') return undefined;
  const version = wantedVersion() === 'floor' ? vscodeVersion() : 'stable';
  const download = downloadAndUnzipVSCode({ version, timeout: 8000, reporter: { report: () => undefined, error: () => undefined } });
  if (host === 'desktop') return download;
  return download.catch((error) => {
    console.log(`No desktop VS Code could be downloaded (${error.message}).`);
    return undefined;
  });
}

/** @returns {Promise<{ problem: string | undefined, hasBegun: boolean }>} `hasBegun`: whether a single test was reported. */
async function runOnce(resultsFile, grep) {
  const box = makeIntegrationSandbox();
  const log = join(box.out, 'log.txt');
  const stopFollowing = follow(log);
  try {
    const env = { TEST_RESULTS: resolve(resultsFile), TEST_GREP: grep, TEST_LOG: log };
    const desktop = await findDesktop();
    const problem = await (desktop ? runOnDesktop(desktop, box, env) : runOnServer(box, env));
    return { problem, hasBegun: statSync(log).size > 0 || existsSync(resultsFile) };
  } finally {
    stopFollowing();
    box.remove();
  }
}

async function main() {
  const [resultsFile, grep = ''] = process.argv.slice(2);
  let { problem, hasBegun } = await runOnce(resultsFile, grep);
  if (!hasBegun) {
    // VS Code itself did not come up with its workspace: that says nothing about the tests.
    console.error(`${problem ?? 'VS Code ended'}\nNo test has begun; once more, with a new window.`);
    ({ problem } = await runOnce(resultsFile, grep));
  }
  if (problem) console.error(problem);
  else if (!existsSync(resultsFile)) console.error('The extension host ended before the tests did.');
  return problem ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const code = await main().catch((error) => {
  console.error(error.message);
  return 1;
});
// Not by waiting for what is left: the verdict is written, and a hung browser must not hold it up.
process.exit(code);
