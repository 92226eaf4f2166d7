/**
 * `npm run -s dump -- FOLDER [STORE...]`: prints what the extension sees in a workspace folder, one line of JSON for each issue of each store.
 * Stores are those that markers show and those that are named, as in the setting `markdownIssues.stores`. Bug reports ask for it.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { moduleBuilds } from './bundling.mjs';
import { inRoot, root, scriptNode } from './paths.mjs';
import { ensureDependencies } from './setup.mjs';

const [folder, ...stores] = process.argv.slice(2);
if (!folder) {
  console.error('Name the folder: npm run -s dump -- FOLDER [STORE...]');
  process.exit(2);
}
// What it prints is to be piped; what is set up is told beside it.
console.log = console.error;
await ensureDependencies();
const { build } = await import('esbuild');
await build({
  absWorkingDir: root,
  entryPoints: ['tools/dumpStores.ts'],
  outdir: 'out/tools',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  alias: moduleBuilds,
  logLevel: 'warning',
});
const child = spawn(scriptNode(), [inRoot('out/tools/dumpStores.mjs'), resolve(process.env.INIT_CWD ?? '.', folder), ...stores], {
  stdio: 'inherit',
});
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});
