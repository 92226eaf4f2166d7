import assert from 'node:assert/strict';
import fc from 'fast-check';
import { excerptOf, outlineOf } from '../../../../src/core/markdown/issueMarkdown.ts';

const plenty = { maxLines: 1000, maxCharacters: 100_000 };
const lines = (maxLines: number) => ({ ...plenty, maxLines });
const characters = (maxCharacters: number) => ({ ...plenty, maxCharacters });

describe('excerptOf', () => {
  it('gives a short text whole, without blank lines around it', () => {
    assert.deepEqual(excerptOf('\n \n# Title\n\nText  \n\n', plenty), { text: '# Title\n\nText', truncated: false });
  });

  it('gives nothing for an empty or blank text', () => {
    assert.deepEqual(excerptOf('', plenty), { text: '', truncated: false });
    assert.deepEqual(excerptOf(' \n\n\t', lines(1)), { text: '', truncated: false });
  });

  it('leaves out the byte order mark', () => {
    assert.equal(excerptOf('\ufeffText', plenty).text, 'Text');
  });

  it('leaves out front matter, also behind a byte order mark', () => {
    assert.equal(excerptOf('---\na: 1\n---\n\nText', plenty).text, 'Text');
    assert.equal(excerptOf('\ufeff---\r\na: 1\r\n---\r\nText', plenty).text, 'Text');
    assert.deepEqual(excerptOf('---\na: 1\n---\n', plenty), { text: '', truncated: false });
  });

  it('makes all line endings line feeds', () => {
    assert.equal(excerptOf('a\r\nb\rc\nd', plenty).text, 'a\nb\nc\nd');
  });

  it('keeps the indentation of a first line of code', () => {
    assert.equal(excerptOf('\n    code\n', plenty).text, '    code');
  });

  it('leaves out a heading on top that says the title', () => {
    const under = (title: string, text: string) => excerptOf(text, { ...plenty, title }).text;
    assert.equal(under('Fix it', '---\na: 1\n---\n\n# Fix it\n\nText'), 'Text');
    assert.equal(under('Fix it', '# 13-02 — Fix **it** ##\nText'), 'Text');
    assert.equal(under('Fix `it`', '# Fix `it`\n\n    code'), '    code');
    assert.equal(under('Fix it', '# Fix it'), '');
    assert.equal(under('Fix it', '## Description\n\n# Fix it'), '## Description\n\n# Fix it');
    assert.equal(under('Fix it', '> # Fix it'), '> # Fix it');
    assert.equal(under('Fix it', 'Fix it\n\nText'), 'Fix it\n\nText');
  });

  describe('where the text is longer', () => {
    it('takes so many lines and says that there is more', () => {
      assert.deepEqual(excerptOf('a\nb\nc\nd', lines(2)), { text: 'a\nb', truncated: true });
      assert.deepEqual(excerptOf('a\nb\nc\nd', lines(4)), { text: 'a\nb\nc\nd', truncated: false });
      assert.deepEqual(excerptOf('a\nb', lines(0)), { text: '', truncated: true });
    });

    it('counts blank lines between, but not those at the beginning', () => {
      assert.equal(excerptOf('\n\na\n\nb\nc', lines(3)).text, 'a\n\nb');
      assert.equal(excerptOf('a\n\nb\nc', lines(2)).text, 'a');
    });

    it('does not call it truncated if only blank lines are left out', () => {
      assert.deepEqual(excerptOf('a\n\n \n', lines(1)), { text: 'a', truncated: false });
    });

    it('takes whole lines up to so many characters', () => {
      assert.deepEqual(excerptOf('abc\ndef\nghi', characters(7)), { text: 'abc\ndef', truncated: true });
      assert.deepEqual(excerptOf('abc\ndef\nghi', characters(10)), { text: 'abc\ndef', truncated: true });
      assert.deepEqual(excerptOf('abc\ndef\nghi', characters(11)), { text: 'abc\ndef\nghi', truncated: false });
    });

    it('cuts a first line that is too long by itself', () => {
      assert.deepEqual(excerptOf('\nabcdef\ng', characters(4)), { text: 'abcd', truncated: true });
    });

    it('does not cut through a surrogate pair', () => {
      assert.equal(excerptOf('ab🍓cd', characters(2)).text, 'ab');
      assert.equal(excerptOf('ab🍓cd', characters(3)).text, 'ab');
      assert.equal(excerptOf('ab🍓cd', characters(4)).text, 'ab🍓');
    });
  });

  describe('where the cut is inside a block', () => {
    const closed: [what: string, content: string, maxLines: number, text: string][] = [
      ['closes a code fence', '```ts\na\nb\n```\nc', 2, '```ts\na\n```'],
      ['closes a code fence as long as it was opened', '`````\na\n```\nb\n`````', 3, '`````\na\n```\n`````'],
      ['closes a fence of tildes', '~~~\na\n~~~', 2, '~~~\na\n~~~'],
      ['closes a fence in a quote', '> ```\n> a\n> b\n> ```', 2, '> ```\n> a\n> ```'],
      ['closes a fence in a list item', '1. a\n   ```\n   b\n   c\n   ```', 3, '1. a\n   ```\n   b\n   ```'],
      ['closes a fence in a list in a quote', '> - ```\n>   a\n>   b', 2, '> - ```\n>   a\n>   ```'],
      ['closes a comment', '<!--\na\nb\n-->\nc', 2, '<!--\na\n-->'],
      ['closes HTML', '<pre>\na\nb\n</pre>', 2, '<pre>\na\n</pre>'],
      ['closes HTML in a quote', '> <?php\n> a\n> b', 2, '> <?php\n> a\n> ?>'],
      ['adds nothing to HTML that a blank line ends', '<div>\na\nb', 2, '<div>\na'],
      ['closes a fence that the text itself leaves open', '```\na', 9, '```\na\n```'],
      ['adds nothing behind a fence that is closed', '```\na\n```\nb\nc', 4, '```\na\n```\nb'],
      ['adds nothing behind a list that has ended with its fence', '- ```\n  a\nb\nc', 3, '- ```\n  a\nb'],
    ];
    for (const [what, content, maxLines, text] of closed) {
      it(what, () => {
        assert.equal(excerptOf(content, lines(maxLines)).text, text);
      });
    }

    it('closes a comment that ends on the first line, behind the cut', () => {
      assert.deepEqual(excerptOf('<!-- a comment --> text', characters(8)), { text: '<!-- a c\n-->', truncated: true });
    });
  });

  describe('of any text', () => {
    const part = fc.constantFrom(
      '```',
      '````',
      '~~~',
      '> ',
      '- ',
      '1. ',
      '  ',
      '    ',
      '<!--',
      '-->',
      '# h',
      'text',
      '🍓',
      '\n',
      '\n',
      '\r\n',
      '---',
      '\t',
    );
    const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));
    const limits = fc.record({ maxLines: fc.integer({ min: 1, max: 12 }), maxCharacters: fc.integer({ min: 5, max: 80 }) });

    it('keeps to the limits, but for the one line that closes a block', () => {
      fc.assert(
        fc.property(text, limits, (content, limit) => {
          const excerpt = excerptOf(content, limit).text;
          const beforeLast = excerpt.slice(0, Math.max(0, excerpt.lastIndexOf('\n')));
          assert.ok(excerpt.split('\n').length <= limit.maxLines + 1);
          assert.ok(beforeLast.length <= limit.maxCharacters);
          assert.ok(excerpt.isWellFormed());
        }),
        { numRuns: 1000 },
      );
    });

    it('leaves nothing open: a list behind it is a list', () => {
      fc.assert(
        fc.property(text, limits, (content, limit) => {
          // The first line feed keeps what begins like front matter from being some.
          assert.equal(outlineOf(`\n${excerptOf(content, limit).text}\n\n- [x] end of the excerpt`).progress.done, 1);
        }),
        { numRuns: 1000 },
      );
    });
  });
});
