/**
 * `npm test`: sets up what is missing, checks types and style, builds and packages the extension, and runs the quick benchmarks and all tests.
 *
 *   npm test                           everything
 *   npm test -- unit|integration|ui    tests of these kinds only, without the checks and benchmarks
 *   npm test -- --grep TEXT            only tests whose full title matches
 *
 * The last line is `N passed, N failed`. A check that fails counts as one failed test; so does a kind of which nothing ran, and a
 * runner that ended without a results file. Needs nothing but Node 20 and npm. See `docs/development.md` for the variables.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, root, scriptNode } from './paths.mjs';
import { bold, dim, red, run, step } from './progress.mjs';
import { ensureBrowser, ensureBuild, ensureDependencies, ensureServer, ensureVsix } from './setup.mjs';

const mocha =
  (folder, timeoutMs, retries = 0) =>
  (resultsFile, grep) => [
    '--enable-source-maps',
    inRoot('node_modules/mocha/bin/mocha.js'),
    ...['--no-config', '--no-package', '--recursive', '--extension', 'mjs', '--timeout', String(timeoutMs), '--retries', String(retries)],
    ...['--reporter', inRoot('out/test/support/resultsReporter.cjs'), '--reporter-option', `file=${resultsFile}`],
    ...(grep ? ['--grep', grep] : []),
    inRoot(folder),
  ];

/**
 * `args`: what Node is started with; `limit`: ms after which the runner is ended; `grace`: ms that the runner has between writing its
 * results and ending. Longer than that means that something was left open.
 */
const kinds = {
  unit: {
    title: 'Unit tests',
    args: mocha('out/test/unit', 10_000),
    limit: process.env.TRUST_SCALE === 'large' ? 3_600_000 : 600_000,
    grace: 10_000,
  },
  integration: {
    title: 'Integration tests, in the extension host',
    args: (resultsFile, grep) => [inRoot('tools/runIntegrationTests.mjs'), resultsFile, grep ?? ''],
    limit: 420_000,
    grace: 60_000,
  },
  ui: { title: 'UI tests, in a browser', args: mocha('out/test/ui', 60_000, 1), limit: 2_400_000, grace: 20_000 },
};

/** Ends only when the child has; `undefined` if it did so in order, else why it had to be ended. */
function untilEnd(child, { limit, grace }, resultsFile) {
  return new Promise((resolve) => {
    let reason;
    const end = (why) => {
      reason ??= why;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    };
    const start = Date.now();
    let resultsSince = 0;
    const timer = setInterval(() => {
      if (!resultsSince && existsSync(resultsFile)) resultsSince = Date.now();
      if (Date.now() - start > limit) end(`no end after ${limit / 1000} s`);
      else if (resultsSince && Date.now() - resultsSince > grace) end('it did not end after the last test: something was left open');
    }, 500);
    child.once('error', (error) => end(String(error)));
    child.once('close', () => {
      clearInterval(timer);
      resolve(reason);
    });
  });
}

/**
 * What a results file says, in the numbers of the last line.
 *
 * @returns {{ passed: number, failed: number, problems: string[] }}
 */
function judge(resultsFile, ended, grep) {
  if (!existsSync(resultsFile)) return { passed: 0, failed: 1, problems: [ended ?? 'the runner ended without results'] };
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  const problems = results.skipped.map((title) => `skipped: ${title}`);
  if (ended) problems.push(ended);
  if (results.passed + results.failed + results.skipped.length === 0 && !grep) problems.push('not one test ran');
  return { passed: results.passed, failed: results.failed + problems.length, problems };
}

/** Said outright, because an extension host does not see the terminal. */
const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

async function runKind(kind, grep) {
  const { title, args, ...limits } = kinds[kind];
  const resultsFile = inRoot('out/results', `${kind}.json`);
  rmSync(resultsFile, { force: true });
  mkdirSync(dirname(resultsFile), { recursive: true });
  console.log(`\n${bold(title)}`);
  const child = spawn(scriptNode(), args(resultsFile, grep), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...colours },
  });
  const ended = await untilEnd(child, limits, resultsFile);
  const result = judge(resultsFile, ended, grep);
  for (const problem of result.problems) console.log(red(`  ✗ ${problem}`));
  return result;
}

/** Runs a step whose failure counts as one failed test. */
async function check(title, work) {
  try {
    await step(title, work);
    return 0;
  } catch (error) {
    console.log(error.message);
    return 1;
  }
}

async function checkAll() {
  const bin = (path, ...args) => run(scriptNode(), [inRoot('node_modules', path), ...args], { cwd: root });
  const types = await check('Types', () => bin('typescript/bin/tsc', '--noEmit'));
  const style = await check('Lint', () => bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'));
  return types + style;
}

/** Asserts counts and no times, and shows that everything that is measured works. */
async function checkBenchmarks() {
  return check('Benchmarks, quick', () => run(process.execPath, [inRoot('bench/run.mjs'), '--quick'], { cwd: root }));
}

/** What these kinds of test need. */
async function prepare(wanted) {
  await ensureBuild({ tests: true });
  if (!wanted.includes('ui')) return;
  await ensureVsix();
  await ensureServer();
  await ensureBrowser();
}

function readArguments() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });
  const unknown = positionals.filter((kind) => !(kind in kinds));
  if (unknown.length > 0) throw new Error(`There are no “${unknown.join(', ')}” tests; the kinds are ${Object.keys(kinds).join(', ')}.`);
  return { wanted: positionals.length > 0 ? positionals : Object.keys(kinds), everything: positionals.length === 0, grep: values.grep };
}

async function main(total) {
  const { wanted, everything, grep } = readArguments();
  await ensureDependencies();
  if (everything && !grep) total.failed += await checkAll();
  await prepare(wanted);
  if (everything && !grep) total.failed += await checkBenchmarks();
  const summary = [];
  for (const kind of wanted) {
    const { passed, failed } = await runKind(kind, grep);
    total.passed += passed;
    total.failed += failed;
    summary.push(`${kind}: ${passed} passed, ${failed} failed`);
  }
  if (grep && total.passed + total.failed === 0) {
    console.log(red(`No test matches “${grep}”.`));
    total.failed += 1;
  }
  console.log(`\n${dim(summary.join(' · '))}`);
}

const total = { passed: 0, failed: 0 };
try {
  await main(total);
} catch (error) {
  // What could not be set up, built or packaged.
  console.log(error.message);
  total.failed += 1;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
