import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeBetween, mergedChange, type TextChange } from '../../../../src/extension/editors/textChange.ts';

const applied = (text: string, change: TextChange | undefined) =>
  change === undefined ? text : text.slice(0, change.start) + change.text + text.slice(change.end);

describe('the change between two texts', () => {
  it('makes one of the other, whatever they are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '😀'), maxLength: 12 });
    fc.assert(fc.property(text, text, (before, after) => assert.equal(applied(before, changeBetween(before, after)), after)));
  });

  it('is no larger than it must be, and none where they are equal', () => {
    assert.deepEqual(changeBetween('one three', 'one two three'), { start: 5, end: 5, text: 'wo t' });
    assert.deepEqual(changeBetween('# One', '# Two'), { start: 2, end: 5, text: 'Two' });
    assert.equal(changeBetween('same', 'same'), undefined);
  });
});

describe('bringing what was typed in one copy of a text into the other', () => {
  const merged = (base: string, typed: string, current: string) => applied(current, mergedChange(base, typed, current));

  it('is the same as typing it there, if nobody has typed there', () => {
    assert.equal(merged('# One\n', '# One\nabc', '# One\n'), '# One\nabc');
    assert.equal(merged('# One\n', '# One\n', '# One\nxyz'), '# One\nxyz');
  });

  it('puts words at the same place in the order in which they were typed', () => {
    assert.equal(merged('# One\n', '# One\nabc', '# One\nxyz'), '# One\nabcxyz');
  });

  it('finds its place before and behind what was typed there', () => {
    assert.equal(merged('a b c', 'a1 b c', 'a b 2c'), 'a1 b 2c');
    assert.equal(merged('a b c', 'a b c1', 'a2 b c'), 'a2 b c1');
  });

  it('removes nothing where both changed the same words', () => {
    assert.equal(merged('a word c', 'a mine c', 'a theirs c'), 'a minetheirs c');
    assert.equal(merged('a word c', 'a c', 'a theirs c'), 'a theirs c');
  });

  it('never loses a word of either', () => {
    const base = 'one two three';
    const insertion = fc.record({ at: fc.nat(base.length), until: fc.nat(base.length) });
    fc.assert(
      fc.property(insertion, insertion, (ours, theirs) => {
        const change = ({ at, until }: typeof ours, word: string) =>
          applied(base, { start: Math.min(at, until), end: Math.max(at, until), text: word });
        const both = merged(base, change(ours, 'OURS'), change(theirs, 'THEIRS'));
        assert.match(both, /OURS/);
        assert.match(both, /THEIRS/);
      }),
    );
  });
});
