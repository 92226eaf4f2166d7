import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import { type Case, type CaseContext, once, type Plan, Skipped } from '../plan.ts';
import { stubVscode } from '../vscodeStub.ts';

const KILOBYTE = 1000;
/** What VS Code loads, and beside it what that loads: some at once, the rest when it is used. */
const ENTRY = 'dist/host/extension.js';
/** What esbuild says of its outputs. */
const META = 'out/meta.json';
/** Commands, the tree and the status bar item at least; fewer, and nothing was activated. */
const LEAST_REGISTRATIONS = 10;

/** What the product weighs and how fast it starts. Never warmed up: every user starts it cold. */
export const PRODUCT_CASES: Readonly<Record<string, Case>> = {
  activation,
  'host bundle': () => sizeOf(loadedWith(ENTRY)),
  VSIX: () => sizeOf(['dist/markdown-issues.vsix']),
};

/** From loading the bundle to the end of `activate`, with a stand-in for VS Code; the store opens behind its back. */
function activation({ root }: CaseContext): Plan {
  const entry = built(ENTRY);
  const { registrations } = stubVscode(root, filesBeside(ENTRY).map(built));
  const subscriptions: { dispose(): void }[] = [];
  return {
    ...once(
      1,
      async () => {
        const { activate } = (await import(pathToFileURL(entry).href)) as { activate(context: unknown): unknown };
        return activate({ subscriptions, extensionUri: {}, extension: { packageJSON: {} } });
      },
      () => {
        if (registrations.length < LEAST_REGISTRATIONS) {
          throw new Error(`Activation has registered only ${registrations.join(', ')}.`);
        }
      },
    ),
    finish: () => subscriptions.forEach((each) => void each.dispose()),
  };
}

function sizeOf(paths: readonly string[]): Plan {
  const bytes = paths.map((path) => statSync(built(path)).size).reduce((sum, size) => sum + size, 0);
  return {
    ...once(
      1,
      async () => undefined,
      () => undefined,
    ),
    figures: () => ({ kilobytes: bytes / KILOBYTE }),
  };
}

/** A file that the build makes and all those without which it does not load. */
export function loadedWith(path: string): string[] {
  const { outputs } = JSON.parse(readFileSync(built(META), 'utf8')) as Pick<Metafile, 'outputs'>;
  const loaded = new Set([path]);
  for (const file of loaded) {
    for (const { kind, path: imported, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) {
        loaded.add(imported);
      }
    }
  }
  return [...loaded];
}

function filesBeside(path: string): string[] {
  const folder = dirname(path);
  built(path);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => `${folder}/${name}`);
}

/** Absolute path of a file that the build makes. @throws Skipped */
function built(path: string): string {
  if (!existsSync(path)) {
    throw new Skipped(`there is no ${path}: run the build first`);
  }
  return join(process.cwd(), path);
}
