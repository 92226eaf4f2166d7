import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import fc from 'fast-check';
import { readFrontMatter } from '../../../../src/core/markdown/frontMatter.ts';
import { excerptOf, outlineOf } from '../../../../src/core/markdown/issueMarkdown.ts';
import { withLineFeeds } from '../../../../src/core/markdown/lineFeeds.ts';
import { readSimpleYaml } from '../../../../src/core/markdown/simpleYaml.ts';
import { loadYaml, readYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { TemporaryFolder } from '../../support/temporaryFolder.ts';

/** Real files with and without front matter, where they are there. */
const REAL_FILES = [
  process.env.ISSUE_CORPORA ?? join(process.cwd(), '..', 'shared', 'corpora'),
  process.env.ISSUE_CORPUS ?? join(process.cwd(), '..', 'shared', 'corpus', 'issues'),
].flatMap((folder) => (existsSync(folder) ? markdownIn(folder) : []));

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path));
}

/** The lines between the marks, found by other means than the reader's. */
function blockOf(text: string): string | undefined {
  return /^\ufeff?---\s*?\n((?:.*\n)*?)---[^\S\n]*(?:\n|$)/.exec(withLineFeeds(text))?.[1];
}

/** Fails where the small reader and the library differ. Returns whether the small reader took it. */
function compare(source: string): boolean {
  const simple = readSimpleYaml(source);
  if (simple !== undefined) {
    const { values, typedKeys } = simple;
    assert.deepEqual({ values, typedKeys }, readYaml(source), JSON.stringify(source));
  }
  return simple !== undefined;
}

/** As Backlog.md writes it. */
const BACKLOG: string = `id: BACK-355.04
title: 'Filtering: it''s about types'
status: In Progress
assignee:
  - '@me'
created_date: '2026-01-01 23:37'
labels:
  - core # first
  - cli
dependencies: []
references:
  - >-
    docs/one - Long
    name.md
parent_task_id: BACK-24
ordinal: 22000
`;
/** As Ticket and other tools write it. */
const TICKET: string = `# 5c46
id: t-5c46
deps: [t-1, "t-2", 't-3']
links: [ ]
created: 2026-01-02T10:20:30.5+01:00
due: null

priority: 2
external: https://example.com/a#b
`;
const PLAIN: string = `title: "Fix \\"it\\" now" # a comment
summary: >-
  First: line
  second # line
labels:
- a
-   'b'
flag: true
empty:
`;

const piece = fc.constantFrom(
  ...['title', 'labels', 'a', 'null', 'true', 'x y', '404', '-5', '0x1F', '1e3', '.5', '~', 'Null', 'FALSE', '2026-01-31', '12:30'],
  ...["'", '"', "''", '\\"', '\\n', '\\', ':', ': ', ':\n', '#', ' #', ' ', '  ', '\n', '\n', '\n- ', '\n  - ', '\n    - ', '\n  ', '-'],
  ...['[', ']', '[a, b]', ', ', ',', '{', '}', '&a ', '*a', '!x ', '|', '>-', '%', '@x', '`', '?', '? ', '---', '...', '<<', '\t'],
  ...['é', '漢字', '🍓', '\u00a0', '\u2028', '\u0085', '\ufeff', '\0', '=', '/', 'http://a.b/c', "it's", '$', '_', '.', '(x)'],
);

describe('the small reader of YAML', () => {
  before(loadYaml);

  if (REAL_FILES.length > 0) {
    it('reads nine of ten real files, and all that it reads as the library does', () => {
      const blocks = REAL_FILES.map((path) => blockOf(readFileSync(path, 'utf8'))).filter((block) => block !== undefined);
      const taken = blocks.filter(compare).length;
      assert.ok(taken / blocks.length > 0.9, `${taken} of ${blocks.length}`);
    });
  }

  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const quoted = fc.oneof(
    text.map((it) => `'${it}'`),
    text.map((it) => `"${it}"`),
  );
  const scalar = fc.oneof(text, quoted, fc.constantFrom('Fix the login', 'BACK-12', '@codex', 'null', ''));
  const space = fc.constantFrom('', ' ', ' ', ' ', '  ');
  const list = fc
    .tuple(fc.array(fc.tuple(space, scalar, space).map((it) => it.join(''))), space)
    .map(([items, end]) => `[${items.join(',')}]${end}`);
  const indent = fc.constantFrom('', '  ', '    ', ' ');
  const block = fc
    .tuple(indent, fc.array(scalar, { maxLength: 4 }))
    .map(([before, items]) => items.map((item) => `\n${before}- ${item}`).join(''));
  const key = fc.oneof(fc.constantFrom('title', 'status', 'labels', 'a', 'b', 'created_at', 'due.date', 'True', 'null'), text);
  const folded = fc
    .tuple(
      fc.constantFrom('>-', '>-', '>-', '\n- >-', '\n  - >-'),
      fc.array(fc.tuple(fc.constantFrom('  ', '  ', '  ', '    ', ' ', ''), text), { maxLength: 3 }),
    )
    .map(([mark, lines]) => [mark, ...lines.map((it) => it.join(''))].join('\n'));
  const value = fc.oneof(scalar, scalar, list, block, folded);
  const comment = fc.constantFrom('', '', '', '', ' # c', '#c', '\n# c', '\n  # c', '\n', '\n  ');
  const pair = fc.tuple(key, fc.constantFrom(':', ': ', ': ', ': ', ':  ', ' : '), value, comment).map((it) => it.join(''));
  const yaml = fc.array(pair, { maxLength: 5 }).map((pairs) => `${pairs.join('\n')}\n`);

  /** Front matter as tools write it, with a few pieces put in, put over others, or left out. */
  const mutated = fc
    .tuple(
      fc.constantFrom(BACKLOG, TICKET, PLAIN),
      fc.array(fc.tuple(fc.nat(400), fc.nat(3), fc.oneof(piece, fc.constant(''))), { maxLength: 4 }),
    )
    .map(([source, changes]) =>
      changes.reduce<string>((it, [at, length, put]) => it.slice(0, at % it.length) + put + it.slice((at % it.length) + length), source),
    );

  it('reads whatever it reads as the library does', () => {
    const runs = 10_000;
    let taken = 0;
    const isSame = fc.property(fc.oneof(yaml, mutated), (source) => {
      taken += compare(source) ? 1 : 0;
    });
    fc.assert(isSame, { numRuns: runs });
    assert.ok(taken > runs / 10, `Only ${taken} of ${runs} were simple.`);
  }).timeout(20_000);

  it('reads what tools write', () => {
    for (const source of [BACKLOG, TICKET, PLAIN, '', '\n', '# a comment\n']) {
      assert.ok(compare(source), source);
    }
  });
});

describe('the small reader of YAML where YAML surprises', () => {
  before(loadYaml);

  const surprises = [
    ...[
      'a: >-\n  b\n\n  # c\n',
      'a: >-\n  b \n  c\n',
      'a: >-\n\n  b\n',
      'a: >-\n  b\n   c\n',
      'a: >-\nb: c\n',
      'a: >-\n',
      'a:\n  - >-\n  b\n',
    ],
    ...[
      'a: b: c\n',
      'a: b:\n',
      'a: b\na: c\n',
      'null: a\nNull: b\n',
      'true: a\nTrue: b\n',
      'a: b\n- c\n',
      'a:\n  - b\n - c\n',
      'a: b\n  c\n',
    ],
    ...[
      'a:\tb\n',
      '\ta: b\n',
      'a: [b: c]\n',
      'a: [b,]\n',
      'a: [b #c]\n',
      'a: [b]c\n',
      'a: "b"c\n',
      "a: 'b'c'\n",
      'a: "\\d"\n',
      'a: -\n',
      'a: - b\n',
      'a: @b\n',
    ],
    ...[
      'a: *b\n',
      'a: &b c\n',
      'a: !b c\n',
      'a: |\n  b\n',
      'a: {b: c}\n',
      '---\na: b\n',
      'a: b\n...\n',
      '"a": b\n',
      'a : b\n',
      '? a\n',
      '- a\n',
      'a\n',
      'a:\n  b: c\n',
    ],
  ];
  for (const source of surprises) {
    it(`reads ${JSON.stringify(source)} as the library does, or leaves it to that`, () => {
      compare(source);
    });
  }
});

describe('front matter', () => {
  const read = (block: string) => readFrontMatter(`---\n${block}\n---\n# Heading\n`);
  const valuesIn = (block: string) => Object.fromEntries(read(block).values);

  it('that needs no library is read before it is loaded, and no text makes it fail', async () => {
    const folder = new TemporaryFolder();
    try {
      // A copy of the reader for which nothing has been loaded.
      const outfile = folder.join('frontMatter.mjs');
      await build({
        entryPoints: ['src/core/markdown/frontMatter.ts'],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        external: ['yaml'],
      });
      const fresh: typeof import('../../../../src/core/markdown/frontMatter.ts') = await import(pathToFileURL(outfile).href);
      const { values, problem } = fresh.readFrontMatter('---\ntitle: Fix: it\nmap:\n  a: 1\nlabels: [a]\n---\n');
      assert.deepEqual([Object.fromEntries(values), problem], [{ title: 'Fix: it', labels: ['a'] }, undefined]);
    } finally {
      folder.dispose();
    }
  });

  describe('in a text', () => {
    before(loadYaml);

    const kinds: [what: string, text: string, kind: string, values: Record<string, unknown>][] = [
      ['is between lines of three dashes', '---\na: 1\n---\nb: 2\n', 'yaml', { a: '1' }],
      ['can be at the end', '---\na: 1\n---', 'yaml', { a: '1' }],
      ['can be empty', '---\n---\n', 'yaml', {}],
      [
        'can be behind a byte order mark, with Windows line endings',
        '\ufeff---\r\na: b\r\nc:\r\n- d\r\n---\r\n',
        'yaml',
        { a: 'b', c: ['d'] },
      ],
      ['is none without an end', '---\na: 1\n', 'none', {}],
      ['is none behind a blank line', '\n---\na: 1\n---\n', 'none', {}],
      ['is none in an empty text', '', 'none', {}],
      ['is none in a byte order mark', '\ufeff', 'none', {}],
      ['is TOML between lines of three plus signs', '+++\na = 1\n+++\n', 'toml', {}],
      ['is TOML with dashes in it', '\ufeff+++\r\n---\r\n+++\r\n---\r\n', 'toml', {}],
      ['is not TOML without an end', '+++\na = 1\n---\n', 'none', {}],
      ['is YAML with plus signs in it', '---\n# c\n+++: 1\n---\n+++\n', 'yaml', { '+++': '1' }],
    ];
    for (const [what, text, kind, values] of kinds) {
      it(what, () => {
        const found = readFrontMatter(text);
        assert.deepEqual([found.kind, Object.fromEntries(found.values), found.problem], [kind, values, undefined]);
      });
    }

    it('of TOML is left out of title, tasks and excerpt', () => {
      const text = '+++\n# comment\ntitle = "a"\n- [ ] b\n+++\n\nText\n';
      assert.deepEqual(outlineOf(text), { title: 'Text', progress: { done: 0, total: 0 }, hasConflict: false });
      assert.equal(excerptOf(text, { maxLines: 9, maxCharacters: 99 }).text, 'Text');
    });

    it('can be handed to the outline, which does not read it again', () => {
      const text = '---\ntitle: Fix\n---\n# Heading\n';
      assert.equal(outlineOf(text, { ...readFrontMatter(text), values: new Map([['title', 'Given']]) }).title, 'Given');
    });
  });

  describe('with a mistake', () => {
    before(loadYaml);

    const broken: [what: string, block: string, values: Record<string, unknown>, line: number, message: RegExp][] = [
      [
        'keeps a colon',
        'title: a: b # c\nstatus: open',
        { title: 'a: b', status: 'open' },
        1,
        /^A value with a colon must be in quotes\.$/,
      ],
      ['keeps a sign', 'a: 1\nwho: @me\nb: 2', { a: '1', who: '@me', b: '2' }, 2, /^A value that begins with "@" must be in quotes\.$/],
      ['keeps a sign in a list', 'who:\n  - a\n  - @me\nb: 2', { who: ['a', '@me'], b: '2' }, 3, /"@"/],
      [
        'keeps text behind quotes',
        'title: "Fix" it\nb: 2',
        { title: '"Fix" it', b: '2' },
        1,
        /^Unexpected text\. Put the whole value in quotes\.$/,
      ],
      ['keeps text behind brackets', 'title: [WIP] Fix it\nb: 2', { title: '[WIP] Fix it', b: '2' }, 1, /^Unexpected text/],
      ['keeps asterisks', 'title: *Fix* it\nb: 2', { title: '*Fix* it', b: '2' }, 1, /^Unexpected text/],
      ['ends a quote with its line', 'title: "Fix\nb: 2', { title: '"Fix', b: '2' }, 1, /^A closing quote is missing\.$/],
      ['ends a bracket with its line', 'labels: [a, b\nc: 2', { labels: ['a', 'b'], c: '2' }, 1, /^A closing bracket is missing\.$/],
      ['copes with tabs', 'a: 1\nb:\n\tc: 2\nd: 3', { a: '1', b: null, c: '2', d: '3' }, 3, /^Tabs cannot be used for indentation\./],
      ['copes with a list on the line of its key', 'a: - b\nc: 1', { a: '- b', c: '1' }, 1, /^A list must begin on a line of its own\.$/],
      ['copes with a line that is indented too far', 'a: 1\n b: 2\nc: 3', { a: '1', c: '3' }, 1, /^This line is indented too far/],
      ['copes with a line without a key', 'a: 1\nb\nc: 3', { a: '1', c: '3' }, 2, /./],
      ['takes the last of two values', 'a: "1"\nb: 2\na: "3"', { a: '3', b: '2' }, 3, /^The key "a" appears more than once\.$/],
      [
        'copes with an escape that there is not',
        'a: "C:\\dir"\nb: 2',
        { a: '"C:\\dir"', b: '2' },
        1,
        /^"\\d" cannot be used in double quotes\./,
      ],
      ['goes on behind the end of the YAML', 'a: 1\n...\nb: 2', { a: '1', b: '2' }, 3, /^The YAML ends above this line\.$/],
      ['copes with keys that are all indented', '  a: 1\n  b: @x', { a: '1', b: '@x' }, 2, /"@"/],
    ];
    for (const [what, block, values, line, message] of broken) {
      it(what, () => {
        assert.deepEqual(valuesIn(block), values);
        const { problem } = read(block);
        assert.equal(problem?.line, line, problem?.message);
        assert.match(problem?.message ?? '', message);
        assert.deepEqual(readFrontMatter(`\ufeff---\n${block}\n---\n`.replaceAll('\n', '\r\n')), read(block));
      });
    }

    it('has the first side of a conflict, which is no mistake', () => {
      const { values, problem } = read('a: 1\n<<<<<<< HEAD\nb: ours\n=======\nb: theirs\n>>>>>>> branch\nc: 3');
      assert.deepEqual([Object.fromEntries(values), problem], [{ a: '1', b: 'ours', c: '3' }, undefined]);
      assert.equal(read('<<<<<<< HEAD\nb: ours\n=======\n>>>>>>> branch\nc: @x').problem?.line, 5);
    });

    it('is read without a failure, whatever it is', () => {
      fc.assert(
        fc.property(fc.array(fc.oneof(piece, fc.constantFrom('\r', '\r\n', '<<<<<<< a\n', '=======\n', '>>>>>>> b\n'))), (pieces) => {
          const block = pieces.join('');
          const text = `---\n${block}\n---\n`;
          const { problem } = readFrontMatter(text);
          const lines = text.split(/\r\n|\r|\n/).length;
          assert.ok(problem === undefined || (problem.line >= 0 && problem.line < lines && /^\S.*\.$/.test(problem.message)), block);
          outlineOf(text);
        }),
        { numRuns: 3000 },
      );
    }).timeout(20_000);

    it('is read in a moment, however hostile', () => {
      for (const part of [
        '[',
        '{a: ',
        '- ',
        'a: &x ',
        '"',
        '? ',
        'a:\n ',
        "'",
        'a: b\n',
        'k ',
        'a: >-\n',
        '<<<<<<< \n',
        '&a ',
        ' #',
        ': ',
        '&a [*a,',
      ]) {
        readFrontMatter(`---\n${part.repeat(4000 / part.length)}\n---\n`);
        readFrontMatter(`---\n${part.repeat(300_000)}\n---\n`);
      }
    }).timeout(30_000);
  });

  it('does not keep its text in memory', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const kept: unknown[] = [];
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200; index++) {
      const head = `---\nmilestone: A-value-that-is-long-enough-to-be-a-slice-${index}\n---\n`;
      kept.push(readFrontMatter(Buffer.from(`${head}${'text '.repeat(12_000)}`).toString()).values);
    }
    collect();
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 3_000_000, `${kept.length} values of 60 KB issues hold ${grown} bytes`);
  });
});
