import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errorCode } from '../../../src/core/disk/disk.ts';

/** A folder that is there during one test. Paths are relative to it. */
export class TemporaryFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'markdown-issues-test-')));

  join(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** Writes a file in place, and the folders above it. */
  write(path: string, content: string | Uint8Array = '', mode?: number): string {
    const file = this.join(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, mode === undefined ? {} : { mode });
    return file;
  }

  /** Several files at once. */
  writeAll(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      this.write(path, content);
    }
  }

  makeFolder(path: string): void {
    mkdirSync(this.join(path), { recursive: true });
  }

  remove(path: string): void {
    rmSync(this.join(path), { recursive: true });
  }

  read(path: string): string {
    return readFileSync(this.join(path), 'utf8');
  }

  bytes(path: string): Buffer {
    return readFileSync(this.join(path));
  }

  /** Permission bits. */
  mode(path: string): number {
    return statSync(this.join(path)).mode & 0o7777;
  }

  /** Path and text of every file below, with `/` between the parts, so that two states can be compared. */
  contents(below = ''): Record<string, string> {
    const entries = readdirSync(this.join(below), { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    const relative = files.map((file) => file.slice(this.join(below).length + 1).replaceAll('\\', '/'));
    return Object.fromEntries(relative.sort().flatMap((path) => this.#entry(path, join(below, path))));
  }

  /** None of a temporary file that is gone by now, because somebody is writing. */
  #entry(name: string, path: string): [string, string][] {
    try {
      return [[name, this.read(path)]];
    } catch (error) {
      if (path.endsWith('.tmp') && errorCode(error) === 'ENOENT') {
        return [];
      }
      throw error;
    }
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A new folder for each test of the suite it is called in. */
export function useTemporaryFolder(): () => TemporaryFolder {
  let folder: TemporaryFolder | undefined;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => {
    folder?.dispose();
    folder = undefined;
  });
  return () => {
    if (folder === undefined) {
      throw new Error('There is a folder only while a test runs.');
    }
    return folder;
  };
}
