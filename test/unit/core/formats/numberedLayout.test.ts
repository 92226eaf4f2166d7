import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { idOfKey, issueKey, keysOfId, keyWithId, stateOfKey, storeFolder, twinKey } from '../../../../src/core/formats/numberedLayout.ts';
import { issuePath, keyOfPath } from '../../../../src/core/issue/issueKey.ts';
import { folderOf } from '../../../../src/core/issue/relativePath.ts';
import { NUMBERED_SCHEMA } from '../../support/storages.ts';

describe('the layout of a store', () => {
  const [open, done] = [issueKey('000012_a', false), issueKey('000012_a', true)];

  it('has a key, a path and a state for each id in each of the two folders', () => {
    assert.deepEqual([open, done], ['000012_a', 'complete/000012_a']);
    assert.deepEqual([open, done].map(idOfKey), ['000012_a', '000012_a']);
    assert.deepEqual([open, done].map(stateOfKey), ['open', 'done']);
    assert.deepEqual(keysOfId('000012_a'), [open, done]);
    assert.deepEqual([open, done].map(twinKey), [done, open]);
    assert.deepEqual(
      [open, done].map((key) => keyWithId(key, 'b')),
      ['b', 'complete/b'],
    );
    assert.deepEqual(
      [open, done].map((key) => issuePath(join(sep, 'store'), key)),
      [join(sep, 'store', '000012_a.md'), join(sep, 'store', 'complete', '000012_a.md')],
    );
    const folders = [false, true].map((completed) => storeFolder(join(sep, 'store'), completed));
    assert.deepEqual(folders, [join(sep, 'store'), join(sep, 'store', 'complete')]);
  });

  for (const [path, key] of [
    ['a.md', 'a'],
    ['complete/a.md', 'complete/a'],
    ['.draft.md', '.draft'],
    ['a.MD', undefined],
    ['.md', undefined],
    ['complete/.md', undefined],
    ['other/a.md', undefined],
    ['complete/more/a.md', undefined],
    ['../a.md', undefined],
    ['.#a.md', undefined],
    ['complete/._a.md', undefined],
    ['complete', undefined],
  ] as const) {
    it(`has ${key === undefined ? 'no issue' : `the issue ${key}`} in ${path}`, () => {
      const named = keyOfPath(path);
      assert.equal(named && NUMBERED_SCHEMA.folders.has(folderOf(named)) ? named : undefined, key);
    });
  }
});

describe('the source', () => {
  const root = join(process.cwd(), 'src');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const sources = names.map((name) => ({
    path: `src/${name.replaceAll(sep, '/')}`,
    // Comments may speak of the folder, and a kind of edit has the same name.
    text: readFileSync(join(root, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|(?:kind\W+|case |\[)'complete'/g, ''),
  }));
  const withText = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

  it('names the folder of completed issues in one module alone', () => {
    // As the kind of an edit, beside `reopen`, the word is no folder.
    const isKind = /\bkind\b|'reopen'|\bcase '/;
    const naming = sources.filter(({ text }) => text.split('\n').some((line) => /['"`/]complete['"`/]/.test(line) && !isKind.test(line)));
    assert.deepEqual(
      naming.map(({ path }) => path),
      ['src/core/formats/numberedLayout.ts'],
    );
  });

  it('tells from a key or a folder what is completed where files are read and written, and nowhere else', () => {
    const asking = withText(/\b(?:stateOfKey|storeFolder|COMPLETE_FOLDER)\b/);
    assert.deepEqual(
      asking.filter((path) => !/^src\/core\/(?:storage|formats)\//.test(path)),
      [],
    );
    assert.ok(asking.length > 1);
    const guessing = withText(/[kK]ey\.(?:startsWith|includes|split|indexOf)\(/);
    assert.deepEqual(guessing, ['src/core/formats/numberedLayout.ts']);
  });
});
