/**
 * Makes those peers be there that npm or Debian can supply. What cannot be had is said, and left out by the run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unlessDone } from '../../tools/fingerprint.mjs';
import { inRoot } from '../../tools/paths.mjs';
import { step } from '../../tools/progress.mjs';
import { hasApt, installWithApt, npm } from '../../tools/setup.mjs';

const FOLDERS = { backlog: 'Backlog.md', taskMaster: 'task-master (1.4 GB, once)' };
const EXECUTABLES = { task: 'taskwarrior', rg: 'ripgrep' };

export async function ensurePeers() {
  for (const [folder, title] of Object.entries(FOLDERS)) {
    await orWithout(title, () => ensurePackage(join('bench/peers', folder), title));
  }
  const isThere = (name) => ['/usr/bin', '/usr/local/bin'].some((folder) => existsSync(join(folder, name)));
  for (const [, title] of Object.entries(EXECUTABLES).filter(([name]) => hasApt() && !isThere(name))) {
    await orWithout(title, () => step(title, () => installWithApt(title)));
  }
}

/** Not `npm ci`, which refuses where a package for some other system cannot be had. */
function ensurePackage(folder, title) {
  const modules = join(folder, 'node_modules');
  const inputs = [join(folder, 'package.json'), join(folder, 'package-lock.json')];
  return unlessDone({ stamp: join(modules, '.stamp'), inputs, outputs: [join(modules, '.package-lock.json')] }, () =>
    step(title, () => npm(['install', '--no-save', '--ignore-scripts'], inRoot(folder)), { announce: `Fetching ${title}` }),
  );
}

async function orWithout(title, work) {
  try {
    await work();
  } catch (error) {
    console.log(`${title} cannot be had here: ${error.message}`);
  }
}
