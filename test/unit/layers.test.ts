import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * Which folder of `src` may import which, beside itself. Every folder of core may import the files at the top of core, and those of the
 * extension the files at its top. Outside core, only its entry may be imported.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'core/disk': [],
  'core/issue': [],
  'core/markdown': ['core/issue'],
  'core/formats': ['core/issue', 'core/markdown'],
  'core/storage': ['core/formats', 'core/disk', 'core/issue', 'core/markdown'],
  'core/metrics': ['core/issue', 'core/storage'],
  'core/cache': ['core/issue', 'core/metrics', 'core/storage'],
  'core/catalogue': ['core/formats', 'core/disk', 'core/issue', 'core/markdown', 'core/storage'],
  'core/search': ['core/catalogue', 'core/disk', 'core/issue', 'core/markdown', 'core/storage'],
  'core/health': ['core/formats', 'core/catalogue', 'core/disk', 'core/issue', 'core/markdown', 'core/storage'],
  'core/sync': ['core/formats', 'core/markdown', 'core/catalogue', 'core/disk', 'core/issue', 'core/metrics', 'core/storage'],
  'core/store': [
    'core/formats',
    'core/cache',
    'core/catalogue',
    'core/disk',
    'core/health',
    'core/issue',
    'core/markdown',
    'core/metrics',
    'core/search',
    'core/storage',
    'core/sync',
  ],
  'core/index.ts': [
    'core',
    'core/catalogue',
    'core/disk',
    'core/formats',
    'core/health',
    'core/issue',
    'core/markdown',
    'core/metrics',
    'core/search',
    'core/storage',
    'core/store',
    'core/sync',
  ],
  protocol: [],
  webview: ['protocol'],
  'extension/stores': [],
  'extension/editors': ['extension/stores'],
  'extension/tree': ['extension/stores'],
  'extension/statusBar': ['extension/stores'],
  'extension/metricsPanel': ['extension/stores', 'protocol'],
  'extension/commands': ['extension/editors', 'extension/metricsPanel', 'extension/stores', 'extension/tree'],
  'extension/diagnostics': ['extension/commands', 'extension/editors', 'extension/stores'],
};

const CORE_ENTRY = join('core', 'index.ts');

/** The folder of {@link MAY_IMPORT} that a file of `src` belongs to. */
function layerOf(path: string): string {
  if (path === CORE_ENTRY) {
    return 'core/index.ts';
  }
  const [first = '', second = ''] = path.split(sep);
  return second.endsWith('.ts') || !['core', 'extension'].includes(first) ? first : `${first}/${second}`;
}

function importsOf(path: string): readonly string[] {
  const text = readFileSync(join('src', path), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name = '']) =>
    name.startsWith('.') ? relative('src', join('src', dirname(path), name)) : name,
  );
}

function isAllowed(from: string, imported: string): boolean {
  if (imported === 'vscode') {
    return from.startsWith('extension');
  }
  if (imported.startsWith('node:')) {
    return from !== 'webview' && from !== 'protocol';
  }
  if (!imported.endsWith('.ts')) {
    return true;
  }
  const to = layerOf(imported);
  if (to.startsWith('core') && !from.startsWith('core')) {
    return imported === CORE_ENTRY && from !== 'webview';
  }
  const isTop = from.startsWith(`${to}/`);
  // What is at the top of the extension puts it together, out of all of its folders.
  return to === from || isTop || (from === 'extension' && to !== 'webview') || MAY_IMPORT[from]?.includes(to) === true;
}

describe('the layers of src', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

  it('import only what the table allows', () => {
    const forbidden = files.flatMap((path) =>
      importsOf(path).flatMap((imported) => (isAllowed(layerOf(path), imported) ? [] : [`${path} imports ${imported}`])),
    );
    assert.deepEqual(forbidden, []);
  });

  it('are all in the table, which has no cycle', () => {
    const layers = new Set(files.map(layerOf).filter((layer) => layer !== 'extension'));
    assert.deepEqual([...layers].sort(), Object.keys(MAY_IMPORT).sort());
    for (const [layer, allowed] of Object.entries(MAY_IMPORT)) {
      const reached = new Set(allowed);
      for (const each of reached) {
        for (const next of MAY_IMPORT[each] ?? []) {
          reached.add(next);
        }
      }
      assert.ok(!reached.has(layer), `${layer} reaches itself`);
    }
  });

  it('reach files through the store alone: the disk is made where the extension is put together', () => {
    const makers = files.filter((path) => readFileSync(join('src', path), 'utf8').includes('new NodeDisk('));
    assert.deepEqual(makers, [join('extension', 'extension.ts')]);
  });
});
