import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadedWith } from '../../bench/cases/productCases.ts';

/** What a bundle needs to send anything anywhere. */
const SENDING = [
  // Not a method of that name, which caches have.
  /(\b(await|return|void)\s+|globalThis\.|window\.|[=(,;!&|?:]\s*)fetch\(/,
  /\b(XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b/,
  /\bcreateTelemetryLogger\b/,
  /(require\(|from ?|import\()["'](node:)?(http|https|http2|net|tls|dgram|dns)["']/,
];

describe('the bundles', () => {
  const folder = join(process.cwd(), 'dist');
  const bundles = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));

  it('are those of the extension and of the metrics panel', () => {
    const named = bundles.map((name) => name.replaceAll('\\', '/'));
    assert.ok(named.includes('host/extension.js') && named.includes('webview/main.js'), named.join());
  });

  it('let VS Code load at most 200 KB to start the extension', () => {
    const sizes = loadedWith('dist/host/extension.js').map((name) => ({ name, bytes: statSync(name).size }));
    const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
    assert.ok(sum <= 200_000, `${sum} bytes:\n${sizes.map(({ name, bytes }) => `${bytes} ${name}`).join('\n')}`);
  });

  for (const name of bundles) {
    it(`send nothing anywhere: ${name.replace(/-[A-Z0-9]{8}\.js$/, '')}`, () => {
      const text = readFileSync(join(folder, name), 'utf8');
      assert.deepEqual(SENDING.filter((pattern) => pattern.test(text)).map(String), []);
    });
  }
});
