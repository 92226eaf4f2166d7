import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeMentions, type IssueMention, MentionFinder } from '../../../../src/core/markdown/issueMentions.ts';

const IDS = ['000161_a', '000161_a-b', '000161_b', '000161_c', '000161_c d', '000012'];

/** What is found, as the text that stands there up to the end of the id or of the digits. */
const found = (text: string, ids: readonly string[] = IDS) =>
  new MentionFinder(ids).find(text).map(({ start, digits, id }) => id ?? `#${text.slice(start, start + digits)}`);

describe('mentions of issues', () => {
  it('are ids as whole words, wherever a reference can stand', () => {
    const texts = [
      '000161_b',
      'See 000161_b.',
      'See 000161_b.md, please',
      '[the other](../issues/000161_b.md)',
      '`issue/000161_b`',
      '```\ngit checkout issue/000161_b\n```',
      'issues/complete/000161_b.md',
      '#000161_b',
      '"000161_b"',
      '**000161_b**…',
      '000161_b — done',
      '000161_b\r\n',
      '\ufeff000161_b',
    ];
    for (const text of texts) {
      assert.deepEqual(found(text), ['000161_b'], text);
    }
  });

  it('are what GitHub reads as references', () => {
    const texts: [text: string, mentions: string[]][] = [
      ['_#12_', ['#12']],
      ['__#12__', ['#12']],
      ['_see #12_ and **#161**', ['#12', '#161']],
      ['_#12 is old_', ['#12']],
      ['_000161_b_', ['000161_b']],
      ['__000161_b.md__', ['000161_b']],
      ['_see 000161_b_', ['000161_b']],
      ['参见000161_b。', ['000161_b']],
      ['参见000161_b的说明', ['000161_b']],
      ['修复#12', ['#12']],
      ['修复#12的问题', ['#12']],
      ['#12를 고친다, を#161で', ['#12', '#161']],
      ['#12/#161', ['#12', '#161']],
      ['#12/#161/#12', ['#12', '#161', '#12']],
      ['（#12）、「#161」', ['#12', '#161']],
      ['color of #000012; see: #000161', ['#000012', '#000161']],
      ['The color: see #000161', ['#000161']],
    ];
    for (const [text, mentions] of texts) {
      assert.deepEqual(found(text), mentions, text);
    }
  });

  it('are not what GitHub leaves alone', () => {
    const texts = [
      'foo#12',
      'é#12',
      'foo_#12',
      '#12_a',
      '#12__',
      'a_000161_b_',
      '&#12;',
      'color: #000012',
      'border: 1px solid #000012;',
      'background-color="#000012"',
      'page/#12',
      'a/#12/b',
      'a#12/b#161',
    ];
    for (const text of texts) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it('of names in a script without blanks end where other letters do', () => {
    const ids = ['000012_登录'];
    assert.deepEqual(found('见000012_登录。', ids), ['000012_登录']);
    assert.deepEqual(found('见000012_登录 and', ids), ['000012_登录']);
    assert.deepEqual(found('见000012_登录页', ids), []);
  });

  it('are not the beginning, the middle or the end of something longer', () => {
    const texts = [
      '000161_bc',
      '000161_b-c',
      '000161_b.old.md',
      '000161_b.md.bak',
      '000161_b_',
      'x000161_b',
      'cli_000161_b',
      'x-000161_b',
      '1000161_b',
      '000161_bé',
      'é000161_b',
    ];
    for (const text of texts) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it('are of the longest id that fits', () => {
    assert.deepEqual(found('000161_a 000161_a-b 000161_a-c 000161_c d 000161_c'), ['000161_a', '000161_a-b', '000161_c d', '000161_c']);
  });

  it('are numbers behind a #, with or without zeros', () => {
    assert.deepEqual(found('#161, (#161) and #000161! #0161; fixes #12.'), ['#161', '#161', '#000161', '#0161', '#12']);
  });

  it('are not numbers of something else', () => {
    const texts = [
      '161',
      '000161',
      '#1610',
      '#16',
      '##161',
      '&#161;',
      'owner/repo#161',
      '[x](#161)',
      'page/#161',
      '#161a',
      '#161-a',
      '#161.5',
      '#0000161',
      '#999',
    ];
    for (const text of texts) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it('of a nameless issue are its number, except in paths and with the extension', () => {
    assert.deepEqual(found('000012 #000012 000012.md issue/000012 issues/000012.md'), ['#000012', '#000012', '000012', '000012', '000012']);
  });
});

const endOf = (mention: IssueMention | undefined) => (mention === undefined ? 0 : mention.start + mention.digits);

describe('changing mentions', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '000161_a',
      '000161_a-b',
      '#161',
      '#000161',
      '000012.md',
      '\r\n',
      '\n',
      ' ',
      '\ufeff',
      '`',
      'é',
      '-',
      '#',
      '/',
      '.',
      '_',
      '😀',
    ),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  );
  const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it('changes the digits and keeps the rest', () => {
    const text = '\ufeffSee 000161_b and #161,\r\nnot #12 or #000161';
    const changes = new MentionFinder(IDS)
      .find(text)
      .map((mention) => ({ ...mention, to: mention.number === 161 ? 1270 : mention.number }));
    assert.equal(changeMentions(text, changes), '\ufeffSee 001270_b and #1270,\r\nnot #12 or #001270');
  });

  it('does not change a text whose mentions get the number that they have', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const changes = new MentionFinder(IDS).find(text).map((mention) => ({ ...mention, to: mention.number }));
        assert.equal(changeMentions(text, changes), text);
      }),
    );
  });

  it('leaves every byte outside of the mentions as it is, and can be changed back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const before = new MentionFinder(IDS).find(text);
        const to = (number: number) => (number === 161 ? 777_161 : 777_012);
        // As many digits as the number needs, so that only whole ids and numbers of full length keep their width.
        const wide = before.filter(({ digits }) => digits === 6);
        const changed = changeMentions(
          text,
          wide.map((mention) => ({ ...mention, to: to(mention.number) })),
        );
        assert.equal(changed.length, text.length);
        const outside = (whole: string) =>
          wide.map(({ start }, index) => whole.slice(endOf(wide[index - 1]), start)).concat(whole.slice(endOf(wide.at(-1))));
        assert.deepEqual(outside(changed), outside(text));
        assert.equal(
          changeMentions(
            changed,
            wide.map((mention) => ({ ...mention, to: mention.number })),
          ),
          text,
        );
      }),
    );
  });

  it('finds under the new ids exactly what it has changed, where those are new', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const finder = new MentionFinder(['000161_a', '000161_a-b']);
        const before = finder.find(text).filter(({ id }) => id !== undefined);
        fc.pre(!text.includes('777161'));
        const changed = changeMentions(
          text,
          before.map((mention) => ({ ...mention, to: 777_161 })),
        );
        const after = new MentionFinder(['777161_a', '777161_a-b']).find(changed);
        assert.deepEqual(
          after.map(({ start, id }) => [start, id?.slice(6)]),
          before.map(({ start, id }) => [start, id?.slice(6)]),
        );
      }),
    );
  });
});
