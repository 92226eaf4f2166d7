/**
 * `npm start`: shows the extension in VS Code.
 *
 *   npm start               opens a fresh copy of `samples`, so that trying things out changes nothing in the project: its workspace, which
 *                           has a store of every format
 *   npm start -- FOLDER     opens that folder itself
 *
 * Where the command `code` is on the path, it opens a window of that VS Code with the extension from its source folder. Elsewhere VS
 * Code's server build runs with the packaged extension installed, and a browser shows it, until Ctrl+C. Its profile is kept in
 * `.vscode-test/start`.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { unlessDone } from './fingerprint.mjs';
import { firstExisting, inRoot, onWindows, root, vsixFile } from './paths.mjs';
import { bold, dim, run, step } from './progress.mjs';
import { quietSettings, writeFiles } from './sandbox.mjs';
import { ensureBuild, ensureDependencies, ensureServer, ensureVsix, vscodeVersion, wantedVersion } from './setup.mjs';
import { installVsix, startServer, windowUrl } from './vscodeServer.mjs';

/** The same at every start, because a browser keeps a window's state by its address. */
const usualPort = 9417;

const kept = (...parts) => inRoot('.vscode-test/start', ...parts);

/** @returns {string} the folder or the workspace file to open. */
function folderToOpen() {
  const [wanted] = process.argv.slice(2);
  if (wanted) {
    const folder = resolve(process.env.INIT_CWD ?? '.', wanted);
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder.`);
    return folder;
  }
  const copy = kept('samples');
  rmSync(copy, { recursive: true, force: true });
  cpSync(inRoot('samples'), copy, { recursive: true });
  console.log(dim(`Opening a fresh copy of samples; open another folder with: npm start -- FOLDER`));
  return join(copy, 'samples.code-workspace');
}

/** The `code` command of a desktop VS Code, or undefined. */
function findCode() {
  // A remote window's own `code` cannot run an extension from its source, and VS Code refuses to run as root.
  if (process.env.VSCODE_IPC_HOOK_CLI || process.getuid?.() === 0) return undefined;
  const folders = (process.env.PATH ?? '').split(onWindows ? ';' : ':');
  return firstExisting(...folders.map((folder) => join(folder, onWindows ? 'code.cmd' : 'code')));
}

async function startDesktop(code, folder) {
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, folder];
  const quote = (text) => (onWindows ? `"${text}"` : text);
  await run(quote(code), args.map(quote), { shell: onWindows });
  console.log('VS Code has opened a window with the extension.');
}

/** @returns {Promise<number>} the usual port, or 0 for any free one where that is taken. */
function freePort() {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(0));
    probe.listen(usualPort, '127.0.0.1', () => probe.close(() => done(usualPort)));
  });
}

/** The profile, with the extension as it is now. @param {string} open the folder or the workspace file that will be opened */
async function prepareProfile(open) {
  const workspace = statSync(open).isDirectory() ? open : dirname(open);
  const profile = { user: kept('user'), server: kept('server'), extensions: kept(`extensions-${wantedVersion()}`), workspace };
  for (const folder of Object.values(profile)) mkdirSync(folder, { recursive: true });
  if (!existsSync(join(profile.user, 'User/settings.json'))) {
    writeFiles(profile.user, { 'User/settings.json': `${JSON.stringify(quietSettings, undefined, 2)}\n` });
  }
  const vsix = relative(root, vsixFile);
  const installed = relative(root, join(profile.extensions, 'extensions.json'));
  const stamp = relative(root, kept(`installed-${wantedVersion()}`));
  await unlessDone({ stamp, inputs: [vsix], outputs: [installed] }, () => step('Install', () => installVsix(profile)));
  return profile;
}

/** Shows the address where there is a screen to show it on. */
function openBrowser(url) {
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen || process.env.CI) return;
  const [command, ...args] = { darwin: ['open'], win32: ['rundll32', 'url.dll,FileProtocolHandler'] }[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  // Nothing is lost without it: the address has been printed.
  child.once('error', () => undefined);
  child.unref();
}

const untilInterrupted = () =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => done('stopped'));
  });

async function startInBrowser(folder) {
  await ensureServer();
  const profile = await prepareProfile(folder);
  const interrupted = untilInterrupted();
  const server = await startServer(profile, { port: await freePort() });
  const url = windowUrl(server, { open: folder });
  console.log(`\nVS Code ${vscodeVersion()} with Markdown Issues is ready. Its views are behind the Issues icon at the left edge.\n`);
  console.log(`  ${bold(url)}\n`);
  console.log(dim('Ctrl+C stops it.'));
  openBrowser(url);
  const how = await Promise.race([interrupted, server.ended]);
  await server.stop();
  if (how !== 'stopped') throw new Error(`VS Code's server ended by itself (${how}):\n${server.log()}`);
  console.log('\nStopped.');
}

async function main() {
  await ensureDependencies();
  const folder = folderToOpen();
  await ensureBuild();
  const code = findCode();
  if (code) return startDesktop(code, folder);
  await ensureVsix();
  return startInBrowser(folder);
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
