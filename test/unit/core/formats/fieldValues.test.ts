import assert from 'node:assert/strict';
import { fieldsOf, listOf, textOf, timeOf, wholeNumberOf } from '../../../../src/core/formats/fieldValues.ts';
import { NO_FIELDS } from '../../../../src/core/issue/issueFields.ts';

describe('the values of fields', () => {
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
