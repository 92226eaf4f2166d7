/**
 * Builds everything that runs.
 *
 *   node esbuild.mjs                the extension, its webview and core, with source maps
 *   node esbuild.mjs --production   the same, minified, without source maps: what a VSIX holds
 *   node esbuild.mjs --tests        the tests as well
 *   node esbuild.mjs --watch        again at every change (works with the others)
 *
 * Runs on Node 20. What was built from what, and how big it is, stands in `out/meta.json`.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { moduleBuilds } from './tools/bundling.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const watch = flags.has('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  minify: production,
  sourcemap: !production,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: watch ? 'silent' : 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const node = { ...common, platform: 'node', target: 'node22', alias: moduleBuilds };

/** Tests are never minified, so that their stacks can be read. */
const tests = { ...node, target: 'node20', minify: false, sourcemap: true };

/** Every file below `folder` that ends so, as paths from the root with `/`. */
function filesBelow(folder, ending) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}

/** The page's script and its style sheet come from one entry, so that imported styles and its own end up in one file. */
function webviewEntry() {
  const styles = existsSync(join(root, 'src/webview/main.css')) ? `import './main.css';` : '';
  return { contents: `${styles}import './main.ts';`, resolveDir: join(root, 'src/webview'), sourcefile: 'webview.ts', loader: 'ts' };
}

/** @returns {Record<string, import('esbuild').BuildOptions>} */
function productBuilds() {
  return {
    extension: {
      ...node,
      format: 'esm',
      // What is imported with `import()` is a file of its own, which is loaded when it is used; what several need is there once.
      splitting: true,
      entryPoints: ['src/extension/extension.ts'],
      outdir: 'dist/host',
      chunkNames: '[name]-[hash]',
      external: ['vscode'],
    },
    webview: { ...common, platform: 'browser', target: 'es2022', format: 'iife', stdin: webviewEntry(), outfile: 'dist/webview/main.js' },
    // Nobody loads this one. It is built without `vscode` as an external, so that core cannot come to need an editor.
    core: { ...node, format: 'esm', entryPoints: ['src/core/index.ts'], outfile: 'out/core/index.mjs' },
  };
}

/** @returns {Record<string, import('esbuild').BuildOptions>} */
function testBuilds() {
  const builds = {
    integrationTests: {
      ...tests,
      // As the extension is: VS Code hands other objects of its API to what comes by `require`.
      format: 'esm',
      splitting: true,
      entryPoints: ['test/integration/index.ts', ...filesBelow('test/integration', '.test.ts')],
      outdir: 'out/test/integration',
      outbase: 'test/integration',
      chunkNames: 'chunks/[name]-[hash]',
      outExtension: { '.js': '.mjs' },
      external: ['vscode', 'mocha'],
    },
    // mocha takes a reporter by `require`.
    reporter: {
      ...tests,
      format: 'cjs',
      entryPoints: ['test/support/resultsReporter.ts'],
      outfile: 'out/test/support/resultsReporter.cjs',
      external: ['mocha'],
    },
  };
  const nodeTests = [
    ...filesBelow('test/unit', '.test.ts'),
    ...filesBelow('test/ui', '.test.ts'),
    // What tests start as processes of their own. They lie elsewhere, so that mocha does not take them for tests.
    ...filesBelow('test/processes', '.ts'),
  ];
  if (nodeTests.length > 0) {
    builds.nodeTests = {
      ...tests,
      format: 'esm',
      // One copy of each module for all test files, as there is without a bundler.
      splitting: true,
      packages: 'external',
      entryPoints: nodeTests,
      outdir: 'out/test',
      outbase: 'test',
      chunkNames: 'chunks/[name]-[hash]',
      outExtension: { '.js': '.mjs' },
      loader: { '.css': 'empty' },
    };
  }
  return builds;
}

/** What a bundle may be made of, beside packages. Imports of types leave no trace in a bundle, so they are free. */
const layers = {
  core: /^src\/core\//,
  webview: /^src\/(webview|protocol)\/|^webview\.ts$/,
  extension: /^src\/(extension|core|protocol)\//,
};

/** Fails when a bundle holds a source file of a layer that it must not know. */
function checkLayers(metafiles) {
  const errors = [];
  for (const [name, allowed] of Object.entries(layers)) {
    for (const input of Object.keys(metafiles[name]?.inputs ?? {})) {
      if (!input.includes('node_modules/') && !allowed.test(input)) errors.push(`the ${name} bundle must not contain ${input}`);
    }
  }
  return errors;
}

function writeMeta(metafiles) {
  mkdirSync(join(root, 'out'), { recursive: true });
  // One object in esbuild's own form, so that its analysers read it.
  const all = { inputs: {}, outputs: {} };
  for (const { inputs, outputs } of Object.values(metafiles)) {
    Object.assign(all.inputs, inputs);
    Object.assign(all.outputs, outputs);
  }
  writeFileSync(join(root, 'out/meta.json'), JSON.stringify(all));
}

/**
 * Removes what earlier builds left behind, so that a test that is gone does not run on and a source map does not ship. Not before the
 * build, because somebody may be using the files.
 */
function removeStale(folder, ending, metafiles) {
  const fresh = new Set(Object.values(metafiles).flatMap(({ outputs }) => Object.keys(outputs)));
  for (const file of filesBelow(folder, ending)) {
    if (!fresh.has(file)) rmSync(join(root, file));
  }
}

async function buildOnce(builds) {
  const metafiles = {};
  await Promise.all(
    Object.entries(builds).map(async ([name, options]) => {
      metafiles[name] = (await build(options)).metafile;
    }),
  );
  writeMeta(metafiles);
  removeStale('dist', '.map', metafiles);
  removeStale('dist/host', '', metafiles);
  if (flags.has('--tests')) removeStale('out/test', '', metafiles);
  const errors = checkLayers(metafiles);
  for (const error of errors) console.error(`error: ${error}`);
  if (errors.length > 0) process.exitCode = 1;
}

/** Prints one line per problem and a line at the start and the end of each round: what the problem matcher in `.vscode/tasks.json` reads. */
async function buildForever(builds) {
  const metafiles = {};
  let running = 0;
  const plugin = (name) => ({
    name: 'watch-log',
    setup(build) {
      build.onStart(() => {
        if (running++ === 0) console.log('[watch] build started');
      });
      build.onEnd((result) => {
        for (const [severity, messages] of [
          ['error', result.errors],
          ['warning', result.warnings],
        ]) {
          for (const { text, location } of messages) {
            console.log(`${location?.file ?? 'esbuild.mjs'}:${location?.line ?? 1}:${(location?.column ?? 0) + 1}: ${severity}: ${text}`);
          }
        }
        if (result.metafile) metafiles[name] = result.metafile;
        if (--running > 0) return;
        writeMeta(metafiles);
        for (const error of checkLayers(metafiles)) console.log(`esbuild.mjs:1:1: error: ${error}`);
        console.log('[watch] build finished');
      });
    },
  });
  const contexts = await Promise.all(Object.entries(builds).map(([name, options]) => context({ ...options, plugins: [plugin(name)] })));
  await Promise.all(contexts.map((each) => each.watch()));
}

const builds = { ...productBuilds(), ...(flags.has('--tests') ? testBuilds() : {}) };
try {
  await (watch ? buildForever(builds) : buildOnce(builds));
} catch (error) {
  // esbuild has printed its own errors by now.
  if (!error.errors) throw error;
  process.exitCode = 1;
}
