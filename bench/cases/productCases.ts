import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Case, type CaseContext, once, type Plan, Skipped } from '../plan.ts';
import { stubVscode } from '../vscodeStub.ts';

const KILOBYTE = 1000;
const BUNDLE = 'dist/extension.cjs';
/** Commands, the tree and the status bar item at least; fewer, and nothing was activated. */
const LEAST_REGISTRATIONS = 10;

/** What the product weighs and how fast it starts. Never warmed up: every user starts it cold. */
export const PRODUCT_CASES: Readonly<Record<string, Case>> = {
  activation,
  'host bundle': () => sizeOf(BUNDLE),
  VSIX: () => sizeOf('dist/markdown-issues.vsix'),
};

/** From loading the bundle to the end of `activate`, with a stand-in for VS Code; the store opens behind its back. */
function activation({ root }: CaseContext): Plan {
  const bundle = built(BUNDLE);
  const { registrations } = stubVscode(root);
  const subscriptions: { dispose(): void }[] = [];
  return {
    ...once(
      1,
      async () => {
        const { activate } = createRequire(bundle)(bundle) as { activate(context: unknown): unknown };
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

function sizeOf(path: string): Plan {
  const kilobytes = statSync(built(path)).size / KILOBYTE;
  return {
    ...once(
      1,
      async () => undefined,
      () => undefined,
    ),
    figures: () => ({ kilobytes }),
  };
}

/** Absolute path of a file that the build makes. @throws Skipped */
function built(path: string): string {
  if (!existsSync(path)) {
    throw new Skipped(`there is no ${path}: run the build first`);
  }
  return join(process.cwd(), path);
}
