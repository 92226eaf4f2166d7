import assert from 'node:assert/strict';
import { createFormats, NO_VALUE } from '../../../src/webview/format.ts';

const { duration, durationTick, count, short, percent, rate } = createFormats('en');

function each<T>(format: (value: T) => string, cases: readonly [value: T, text: string][]): void {
  for (const [value, text] of cases) {
    it(`${value} is ${text}`, () => assert.equal(format(value), text));
  }
}

describe('formats', () => {
  describe('durations', () => {
    // Each case is written with plain spaces.
    const withSpaces = (micros: number | null) => duration(micros).replaceAll('\u00a0', ' ');
    each(withSpaces, [
      [null, NO_VALUE],
      [0, '0 µs'],
      [0.25, '0.25 µs'],
      [12.345, '12.3 µs'],
      [999.4, '999 µs'],
      [999.7, '1 ms'],
      [1234, '1.23 ms'],
      [45_600, '45.6 ms'],
      [999_600, '1 s'],
      [1_500_000, '1.5 s'],
      [59_400_000, '59.4 s'],
      [59_600_000, '1 min 0 s'],
      [125_000_000, '2 min 5 s'],
      [3_599_600_000, '1 h 0 min'],
      [3_900_000_000, '1 h 5 min'],
    ]);

    it('keep to one part on an axis', () => {
      assert.deepEqual([100, 100_000, 1e8, 1e9, null].map(durationTick), [
        '100\u00a0µs',
        '100\u00a0ms',
        '100\u00a0s',
        '1,000\u00a0s',
        NO_VALUE,
      ]);
    });

    it('let no line end between a number and its unit, but between two parts', () => {
      assert.deepEqual(
        [duration(12.345), duration(125_000_000), duration(3_900_000_000)],
        ['12.3\u00a0µs', '2\u00a0min 5\u00a0s', '1\u00a0h 5\u00a0min'],
      );
    });
  });

  describe('counts', () => {
    each(count, [
      [null, NO_VALUE],
      [0, '0'],
      [1234567, '1,234,567'],
    ]);
  });

  describe('short numbers', () => {
    each(short, [
      [null, NO_VALUE],
      [0, '0'],
      [0.125, '0.125'],
      [12.34, '12.3'],
      [999.4, '999'],
      [1234, '1,234'],
      [9999, '9,999'],
      [12_345, '12.3k'],
      [999_700, '1M'],
      [2_500_000, '2.5M'],
      [3e15, '3,000T'],
    ]);
  });

  describe('per cent', () => {
    each(percent, [
      [null, NO_VALUE],
      [0, '0%'],
      [0.0001, '0.1%'],
      [0.973, '97.3%'],
      [0.9999, '99.9%'],
      [1, '100%'],
    ]);
  });

  it('names the second in a rate', () => {
    assert.equal(rate(0.5), '0.5/s');
    assert.equal(rate(null), NO_VALUE);
  });

  it('speaks the language that it is given', () => {
    const german = createFormats('de');
    assert.equal(german.count(1234567), '1.234.567');
    assert.equal(german.duration(1500), '1,5\u00a0ms');
  });

  it('shows the time of day in 24 hours, to the second or the minute', () => {
    const at = new Date(2026, 0, 2, 15, 4, 5).getTime();
    const { time, minute } = createFormats('en-US');
    assert.equal(time(at), '15:04:05');
    assert.equal(minute(at), '15:04');
  });

  it('makes do with a language that is none', () => {
    assert.equal(createFormats('not a language').duration(0), '0\u00a0µs');
  });
});
