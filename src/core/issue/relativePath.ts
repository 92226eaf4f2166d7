import { posix } from 'node:path';
import { ISSUE_EXTENSION } from './issueFileName.ts';

/*
 * Paths in a store: relative to it, with `/` between the parts. A key is one, too, without the extension.
 */

/** The folder of a file or of another folder; empty if it has none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A folder with all those that it is in, the empty one first. */
export function withParents(folder: string): string[] {
  return folder === '' ? [''] : [...withParents(folderOf(folder)), folder];
}

/** The name of a file or a folder without the folder that it is in. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The name of an issue's file without folder and extension. */
export function stemOf(path: string): string {
  const name = nameOf(path);
  return name.endsWith(ISSUE_EXTENSION) ? name.slice(0, -ISSUE_EXTENSION.length) : name;
}

/** A path in a folder, which may be the empty one. */
export function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/**
 * The folder that a configuration names, relative to the folder in which the paths of the configuration begin; empty if it is that folder
 * itself, undefined if it is outside or absolute.
 */
export function folderInside(written: string): string | undefined {
  if (/^(?:[a-z]:)?[\\/]|^~/i.test(written)) {
    return undefined;
  }
  const folder = posix.normalize(written.replaceAll('\\', '/')).replace(/\/+$/, '');
  if (folder === '..' || folder.startsWith('../')) {
    return undefined;
  }
  return folder === '.' ? '' : folder;
}
