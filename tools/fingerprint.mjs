/** Tells whether anything changed since a thing was made. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inRoot, root } from './paths.mjs';

/** @returns {string[]} every file at or below `path`, in order; none if it does not exist. */
function filesAt(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .sort()
    .flatMap((name) => filesAt(join(path, name)));
}

/**
 * Names the content of files and folders: equal if and only if all names and bytes are.
 *
 * @param {readonly string[]} paths from the project's folder; those that do not exist count as empty.
 */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesAt(inRoot(path)))) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Does `work` unless its outputs are there already, were made from the same inputs and have not been touched since.
 * All paths are from the project's folder.
 *
 * @param {{ stamp: string, inputs: readonly string[], outputs: readonly string[] }} what `stamp`: the file that remembers.
 * @param {() => Promise<unknown>} work
 */
export async function unlessDone({ stamp, inputs, outputs }, work) {
  const file = inRoot(stamp);
  // Taken before the work, so that what changes meanwhile is seen the next time.
  const before = fingerprint(inputs);
  const state = () => `${before} ${fingerprint(outputs)}`;
  const complete = outputs.every((output) => existsSync(inRoot(output)));
  if (complete && existsSync(file) && readFileSync(file, 'utf8') === state()) return;
  await work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, state());
}
