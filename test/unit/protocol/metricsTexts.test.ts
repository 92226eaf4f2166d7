import assert from 'node:assert/strict';
import { fillText, parseMetricsTexts } from '../../../src/protocol/metricsTexts.ts';

describe('metrics texts', () => {
  it('fills values in, in any order and as often as asked for', () => {
    assert.equal(fillText('{1} of {0}, {0}', 'a', 'b'), 'b of a, a');
  });

  it('keeps placeholders without a value', () => {
    assert.equal(fillText('{0} and {1}', 'a'), 'a and {1}');
  });

  it('does not take a value for a pattern', () => {
    assert.equal(fillText('{0}', '$& {0}'), '$& {0}');
  });

  it('throws where a text is missing', () => {
    assert.throws(() => parseMetricsTexts({ title: 'Title' }));
  });
});
