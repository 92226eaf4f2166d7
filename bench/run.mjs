/**
 * `npm run bench`: builds what is measured and the benchmarks, and runs them on the Node that came with the dependencies where
 * there is one.
 *
 *   node bench/run.mjs --help
 */
import { spawnSync } from 'node:child_process';
import { root, scriptNode } from '../tools/paths.mjs';
import { ensureBuild, ensureDependencies, ensureVsix } from '../tools/setup.mjs';
import { ensurePeers } from './peers/ensurePeers.mjs';

const args = process.argv.slice(2);
/** A run of a part takes the peers that are there. */
const isPart = ['--quick', '--only', '--size'].some((option) => args.some((arg) => arg.startsWith(option)));

await ensureDependencies();
const { build } = await import('esbuild');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/main.ts', 'bench/runCase.ts', 'bench/makeBurst.ts', 'bench/peers/listAsProcess.ts'],
  outbase: 'bench',
  outdir: 'out/bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});
if (!args.includes('--help')) {
  await ensureBuild();
  await ensureVsix();
  if (!isPart) await ensurePeers();
}

const { status, error } = spawnSync(scriptNode(), ['out/bench/main.mjs', ...args], { cwd: root, stdio: 'inherit' });
if (error) throw error;
process.exit(status ?? 1);
