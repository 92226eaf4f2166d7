import { isAbsolute, relative, sep } from 'node:path';

/** True if the path is the folder or lies in it, by its name alone: links on the way may still lead out. Both are absolute. */
export function isInsideFolder(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}
