import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Content by path. A path that ends in `/` is an empty folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) {
      writeFileSync(path, content);
    }
  }
}

/** Makes a folder hold these files and no others. Folders that stay needed stay, because they are watched. */
export function replaceFiles(folder: string, files: Files): void {
  const needed = new Set(Object.keys(files).flatMap((name) => [name, ...foldersOf(name)]));
  const clear = (inside: string) => {
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
      const path = inside + entry.name;
      if (entry.isDirectory() && needed.has(`${path}/`)) {
        clear(`${path}/`);
      } else if (path !== '.vscode') {
        rmSync(join(folder, path), { recursive: true, force: true });
      }
    }
  };
  clear('');
  writeFiles(folder, files);
}

/** `a/b/c.md` lies in `a/` and `a/b/`. */
function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
}
