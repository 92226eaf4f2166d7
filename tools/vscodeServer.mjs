/** VS Code's server build: the real extension host and the real workbench, shown by a browser. */
import { spawn, spawnSync } from 'node:child_process';
import { onWindows, vsixFile } from './paths.mjs';
import { run } from './progress.mjs';
import { serverPaths, wantedVersion } from './setup.mjs';

/** What a server needs to know of a sandbox, or of a profile that is kept. */
const dataArguments = ({ user, server, extensions }) => [
  '--accept-server-license-terms',
  ...['--user-data-dir', user, '--server-data-dir', server, '--extensions-dir', extensions],
];

/** The environment without what VS Code's own terminals and Node's users set: it would change how the server behaves. */
function cleanEnvironment(extra) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Sandboxes have a home of their own, and no git settings but theirs. What VS Code leaves in folders for temporary files goes there too. */
function homeEnvironment(home) {
  if (!home) return {};
  const own = { HOME: home, USERPROFILE: home, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  // Elsewhere the path would become too long for a socket.
  return process.platform === 'linux' ? { ...own, TMPDIR: home, XDG_RUNTIME_DIR: home } : own;
}

/** Ends the server and all that it started. */
function killTree(child, signal) {
  try {
    if (onWindows) spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    else process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

const endOf = (child) =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything the child prints, and the port once it names one. */
function listenTo(child, ended, log) {
  const output = { text: '' };
  const port = new Promise((resolve, reject) => {
    const hear = (data) => {
      output.text += data;
      log(String(data));
      const found = /Extension host agent listening on (\d+)/.exec(output.text);
      if (found) resolve(Number(found[1]));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    ended.then((how) => reject(new Error(`VS Code's server ended (${how}) before it listened:\n${output.text}`)), reject);
  });
  return { output, port };
}

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {string} origin its address, e.g. `http://127.0.0.1:40123`
 * @property {() => string} log everything it printed so far
 * @property {Promise<string>} ended settles when it has ended, with how
 * @property {(graceMs?: number) => Promise<void>} stop ends it: in order first, by force after `graceMs` (3000)
 */

/**
 * Starts the server and waits until it listens. It ends with this process at the latest.
 *
 * @param {{ user: string, server: string, extensions: string, workspace: string, home?: string, trusted?: boolean }} box a sandbox, or a kept profile.
 * @param {object} [options]
 * @param {boolean} [options.testDriver] needed for an extension from its source folder and for tests in the extension host; it also
 *   switches notifications off, so it is of no use where a person's view matters.
 * @param {number} [options.port] 0, the default, for any free one.
 * @param {Record<string, string>} [options.env] for the server and its extension hosts.
 * @param {readonly string[]} [options.nodeArguments] what Node is started with, for the server and its extension hosts.
 * @param {(text: string) => void} [options.log] told what the server prints.
 * @returns {Promise<Server>}
 */
export async function startServer(box, { testDriver = false, port = 0, env = {}, nodeArguments = [], log = () => undefined } = {}) {
  const { main, node } = serverPaths(wantedVersion());
  const quiet = ['--without-connection-token', '--disable-telemetry', '--disable-experiments'];
  if (box.trusted !== false) quiet.push('--disable-workspace-trust');
  const args = [...nodeArguments, main, '--host', '127.0.0.1', '--port', String(port), ...quiet, ...dataArguments(box)];
  if (testDriver) args.push('--enable-smoke-test-driver');
  const child = spawn(node, args, {
    cwd: box.workspace,
    // A process group of its own, so that all of it can be ended at once.
    detached: !onWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnvironment({ ...homeEnvironment(box.home), ...env }),
  });
  const killAll = () => killTree(child, 'SIGKILL');
  process.once('exit', killAll);
  const ended = endOf(child);
  const { output, port: listening } = listenTo(child, ended, log);
  const stop = async (graceMs = 3000) => {
    child.kill('SIGTERM');
    await Promise.race([ended, pause(graceMs)]);
    killAll();
    await ended;
    process.off('exit', killAll);
  };
  try {
    const found = await listening;
    return { port: found, origin: `http://127.0.0.1:${found}`, log: () => output.text, ended, stop };
  } catch (error) {
    process.off('exit', killAll);
    throw error;
  }
}

/**
 * Installs a packaged extension into a sandbox or a profile.
 *
 * @param {{ user: string, server: string, extensions: string, home?: string }} box
 * @param {string} [vsix] the project's own by default.
 */
export async function installVsix(box, vsix = vsixFile) {
  const { main, node } = serverPaths(wantedVersion());
  const env = cleanEnvironment(homeEnvironment(box.home));
  await run(node, [main, ...dataArguments(box), '--install-extension', vsix, '--force'], { env });
}

/**
 * The address of a window. Paths become `vscode-remote:` URIs, so that extensions and tests run in the server's (Node's) extension host.
 *
 * @param {Server} server
 * @param {{ open: string, extension?: string, tests?: string }} what `open`: a folder or a `.code-workspace` file; `extension`: the
 *   source folder of an extension; `tests`: the bundle whose `run()` is called in the extension host.
 */
export function windowUrl(server, { open, extension, tests }) {
  const path = (file) => (onWindows ? `/${file.replaceAll('\\', '/')}` : file);
  const uri = (file) => `vscode-remote://127.0.0.1:${server.port}${path(file)}`;
  const payload = [];
  if (extension) payload.push(['extensionDevelopmentPath', uri(extension)]);
  if (tests) payload.push(['extensionTestsPath', uri(tests)]);
  const query = new URLSearchParams({ [open.endsWith('.code-workspace') ? 'workspace' : 'folder']: path(open) });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  // Slashes may stand as they are, and people read the address.
  return `${server.origin}/?${String(query).replaceAll('%2F', '/')}`;
}
