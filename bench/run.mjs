/**
 * `npm run bench`: builds what is measured and the benchmarks, and runs them on the Node that came with the dependencies where
 * there is one.
 *
 *   node bench/run.mjs --help
 */
import { spawn } from 'node:child_process';
import { moduleBuilds } from '../tools/bundling.mjs';
import { root, scriptNode } from '../tools/paths.mjs';
import { ensureBuild, ensureDependencies, ensureVsix } from '../tools/setup.mjs';
import { ensurePeers } from './peers/ensurePeers.mjs';

const args = process.argv.slice(2);
/** A run of a part takes the peers that are there. */
const isPart = ['--quick', '--only', '--size'].some((option) => args.some((arg) => arg.startsWith(option)));

await ensureDependencies();
const { build } = await import('esbuild');
/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  outbase: 'bench',
  outdir: 'out/bench',
  bundle: true,
  platform: 'node',
  target: 'node20',
  alias: moduleBuilds,
  logLevel: 'warning',
};
await build({
  ...common,
  entryPoints: ['bench/main.ts', 'bench/runCase.ts', 'bench/makeBurst.ts'],
  outExtension: { '.js': '.mjs' },
  format: 'esm',
});
// As a command would be shipped.
await build({
  ...common,
  entryPoints: ['bench/peers/listAsProcess.ts', 'bench/peers/ourList.ts'],
  external: ['./ourList.cjs'],
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minify: true,
});
if (!args.includes('--help')) {
  await ensureBuild();
  await ensureVsix();
  if (!isPart) await ensurePeers();
}

const child = spawn(scriptNode(), ['out/bench/main.mjs', ...args], { cwd: root, stdio: 'inherit' });
// The stores have to go with it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(error);
  process.exitCode = 1;
});
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});
