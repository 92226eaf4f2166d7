import assert from 'node:assert/strict';
import { fieldsOf, frontMatterOf, listOf, listProblem, textOf, timeOf, wholeNumberOf } from '../../../../src/core/formats/fieldValues.ts';
import { NO_FIELDS } from '../../../../src/core/issue/issueFields.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';

describe('the values of fields', () => {
  before(loadYaml);

  it('are read from front matter with any line endings', () => {
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      const { values } = frontMatterOf(['\ufeff---', 'title: A title', 'labels:', '  - a', '---', 'text'].join(lineEnd));
      assert.deepEqual([textOf(values.get('title')), listOf(values.get('labels'))], ['A title', ['a']], JSON.stringify(lineEnd));
    }
  });

  it('tells where a single text stands instead of a list', () => {
    const text = '---\r\ntitle: A\r\ntags: one\r\n---\r\n';
    assert.deepEqual(listProblem(frontMatterOf(text).values, ['blocking', 'tags'], text), { line: 2, message: '“tags” must be a list.' });
    assert.equal(listProblem(frontMatterOf('---\ntags: []\nblocking:\n---\n').values, ['blocking', 'tags'], ''), undefined);
  });

  it('takes the text of a scalar only', () => {
    assert.deepEqual([' high ', '  ', null, undefined, ['high'], new Map([['a', 'b']])].map(textOf), [
      'high',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes the texts of a list, and a single text as a list of one', () => {
    assert.deepEqual(listOf(['a', null, ' ', ['b'], 'c ']), ['a', 'c']);
    assert.deepEqual(listOf('a'), ['a']);
    assert.deepEqual([listOf([]), listOf([null]), listOf(''), listOf(null), listOf(undefined)], Array(5).fill(undefined));
  });

  it('reads times in every zone, and those without one in UTC', () => {
    const times = [
      ['2026-01-31', '2026-01-31T00:00:00.000Z'],
      ['2026-01-31 14:30', '2026-01-31T14:30:00.000Z'],
      ['2026-01-31T14:30:05', '2026-01-31T14:30:05.000Z'],
      ['2026-01-31T14:30:05Z', '2026-01-31T14:30:05.000Z'],
      ['2026-01-31t14:30:05.5z', '2026-01-31T14:30:05.500Z'],
      ['2026-01-31T14:30:05.123456789+02:00', '2026-01-31T12:30:05.123Z'],
      ['2026-01-31 14:30:05 -0530', '2026-01-31T20:00:05.000Z'],
      ['2026-01-31 14:30 +02', '2026-01-31T12:30:00.000Z'],
    ] as const;
    for (const [written, meant] of times) {
      assert.equal(timeOf(written), Date.parse(meant), written);
    }
    assert.deepEqual(
      ['soon', '2026', '2026-13-01', '2026-01-31 25:00', '31-01-2026', '2026-01-31 x', null, ['2026-01-31']].map(timeOf),
      Array(8).fill(undefined),
    );
  });

  it('takes only whole numbers that are exact', () => {
    assert.deepEqual(['12', '007', '5.2', '-1', '', '99999999999999999999', undefined].map(wholeNumberOf), [
      12,
      7,
      ...Array(5).fill(undefined),
    ]);
  });

  it('leaves out fields that are undefined', () => {
    assert.deepEqual(Object.keys(fieldsOf({ status: 'open', priority: undefined })), ['status']);
    assert.equal(fieldsOf({ status: undefined }), NO_FIELDS);
  });
});
