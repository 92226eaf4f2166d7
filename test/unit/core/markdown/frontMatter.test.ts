import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { withLineFeeds } from '../../../../src/core/markdown/lineFeeds.ts';
import { readSimpleYaml } from '../../../../src/core/markdown/simpleYaml.ts';
import { loadYaml, readYaml } from '../../../../src/core/markdown/yamlReader.ts';

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

describe('the small reader of YAML', () => {
  before(loadYaml);

  if (REAL_FILES.length > 0) {
    it('reads nine of ten real files, and all that it reads as the library does', () => {
      const blocks = REAL_FILES.map((path) => blockOf(readFileSync(path, 'utf8'))).filter((block) => block !== undefined);
      const taken = blocks.filter(compare).length;
      console.log(taken, blocks.length);
      assert.ok(taken / blocks.length > 0.9, `${taken} of ${blocks.length}`);
    });
  }

  const piece = fc.constantFrom(
    ...['title', 'labels', 'a', 'null', 'true', 'x y', '404', '-5', '0x1F', '1e3', '.5', '~', 'Null', 'FALSE', '2026-01-31', '12:30'],
    ...["'", '"', "''", '\\"', '\\n', '\\', ':', ': ', ':\n', '#', ' #', ' ', '  ', '\n', '\n', '\n- ', '\n  - ', '\n    - ', '\n  ', '-'],
    ...['[', ']', '[a, b]', ', ', ',', '{', '}', '&a ', '*a', '!x ', '|', '>-', '%', '@x', '`', '?', '? ', '---', '...', '<<', '\t'],
    ...['é', '漢字', '🍓', '\u00a0', '\u2028', '\u0085', '\ufeff', '\0', '=', '/', 'http://a.b/c', "it's", '$', '_', '.', '(x)'],
  );
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

  it('reads whatever it reads as the library does', () => {
    let taken = 0;
    const runs = Number(process.env.RUNS ?? 20_000);
    fc.assert(
      fc.property(fc.oneof(yaml, text), (source) => {
        taken += compare(source) ? 1 : 0;
      }),
      { numRuns: runs },
    );
    console.log(taken, runs);
  }).timeout(1000_000);
});
