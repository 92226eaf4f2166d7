/** Throw-away worlds for VS Code: own user data, own extensions, own home, own folder to work in. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** User settings that keep windows quiet: nothing pops up, nothing moves, nothing asks the network. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  // Else the chat takes a third of the window.
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.autofetch': false,
  'git.openRepositoryInParentFolders': 'never',
};

/** For a workspace that is not trusted, and a user who is not asked about it. */
const untrustedSettings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** Writes files into a folder. Names may hold `/`; a name that ends in `/` makes an empty folder. */
export function writeFiles(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(name.endsWith('/') ? file : dirname(file), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(file, content);
  }
}

/** Makes the folder a git repository with everything in it committed. */
function commitAll(folder) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid'];
  const git = (...args) => execFileSync('git', ['-C', folder, ...identity, ...args], { stdio: 'ignore', env });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '--allow-empty', '-m', 'first');
}

/**
 * @typedef {object} Sandbox
 * @property {string} root everything below is in here
 * @property {string} home
 * @property {string} user VS Code's user data
 * @property {string} server the server build's own data
 * @property {string} extensions where extensions are installed
 * @property {string} workspace the folder that `files` were written into
 * @property {string} out for what a run leaves behind
 * @property {string} open what VS Code is to open: `workspace`, or a `.code-workspace` file in it
 * @property {boolean} trusted whether every workspace is trusted without a question
 * @property {() => void} remove deletes everything
 */

/**
 * Makes a world in the system's folder for temporary files. Whoever makes it calls `remove`; a process that ends without doing so
 * removes it then.
 *
 * @param {object} [options]
 * @param {Readonly<Record<string, string | Uint8Array>>} [options.files] see {@link writeFiles}.
 * @param {string} [options.from] a folder whose content is copied before `files` are written.
 * @param {Readonly<Record<string, unknown>>} [options.settings] user settings beside the quiet ones.
 * @param {readonly string[]} [options.folders] folders of the workspace to be opened together, as a multi-root workspace.
 * @param {boolean} [options.trusted] whether every workspace is trusted; else none is, and nobody is asked.
 * @param {boolean} [options.git] whether the workspace is a git repository.
 * @returns {Sandbox}
 */
export function makeSandbox({ files = {}, from, settings = {}, folders, trusted = true, git = false } = {}) {
  // The real path, because macOS's is behind a link and VS Code would report another one than the tests know.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'markdown-issues-')));
  const remove = () => {
    process.off('exit', remove);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', remove);
  const folder = (name) => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const box = { root, home: folder('home'), user: folder('user'), server: folder('server'), extensions: folder('extensions') };
  const workspace = folder('workspace');
  writeFiles(box.user, { 'User/settings.json': JSON.stringify({ ...quietSettings, ...(trusted ? {} : untrustedSettings), ...settings }) });
  if (from) cpSync(from, workspace, { recursive: true });
  writeFiles(workspace, files);
  let open = workspace;
  if (folders) {
    writeFiles(workspace, Object.fromEntries(folders.map((name) => [`${name}/`, ''])));
    open = join(workspace, 'test.code-workspace');
    writeFileSync(open, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
  }
  if (git) commitAll(workspace);
  return { ...box, workspace, out: folder('out'), open, trusted, remove };
}

const issue = (title, ...lines) => [`# ${title}`, '', ...lines, ''].join('\n');

/**
 * The world of the integration tests: two workspace folders, `alpha` with a small store and `beta` without one. It is a multi-root
 * workspace from the start, because going from one folder to two restarts the extension host, and the tests with it.
 */
export function makeIntegrationSandbox() {
  return makeSandbox({
    folders: ['alpha', 'beta'],
    // As on a desktop. In a browser VS Code saves by itself a second after each key, and so in the midst of a slow test.
    settings: { 'files.autoSave': 'off' },
    files: {
      'alpha/issues/000001_first-steps.md': issue('First steps', '- [x] Read', '- [ ] Write'),
      'alpha/issues/000002_second-thoughts.md': issue('Second thoughts', 'Nothing to tick here.'),
      'alpha/issues/complete/000003_long-done.md': issue('Long done', '- [x] All of it'),
      'alpha/notes.txt': 'Not an issue.\n',
      'beta/readme.txt': 'A folder without a store.\n',
    },
  });
}
