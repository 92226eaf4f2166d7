import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IssueCatalogue } from '../../../../src/core/catalogue/issueCatalogue.ts';
import { idOfKey, issueKey, stateOfKey } from '../../../../src/core/formats/numberedLayout.ts';
import { compareIssues, type IssueKey, type IssueSummary } from '../../../../src/core/issue/issue.ts';
import { NO_FIELDS } from '../../../../src/core/issue/issueFields.ts';
import { parseIssueId } from '../../../../src/core/issue/issueFileName.ts';
import { parseIssueRef } from '../../../../src/core/issue/issueRef.ts';
import { isCompleted } from '../../../../src/core/issue/issueState.ts';
import type { StoredSummary } from '../../../../src/core/storage/issueFile.ts';
import { madeVersion } from '../../support/summaries.ts';

function entry(key: string, version = 'v1', more: Partial<IssueSummary> = {}): StoredSummary {
  const id = idOfKey(key as IssueKey);
  return {
    stat: undefined,
    summary: {
      ...parseIssueId(id),
      key: key as IssueKey,
      title: id,
      fields: NO_FIELDS,
      state: stateOfKey(key as IssueKey),
      createdAt: 0,
      modifiedAt: 0,
      version: madeVersion(version),
      progress: { done: 0, total: 0 },
      size: 0,
      ...more,
    },
  };
}

function catalogueOf(...keys: readonly string[]): IssueCatalogue {
  const catalogue = new IssueCatalogue();
  catalogue.apply({ current: keys.map((key) => entry(key)), removed: [], listing: { exists: true, issueFolders: [''], otherFolders: [] } });
  catalogue.takeChange();
  return catalogue;
}

const keysOf = (issues: readonly { readonly key: IssueKey }[] | undefined) => issues?.map(({ key }) => key as string);
const keys = (...names: readonly string[]) => names as IssueKey[];

describe('IssueCatalogue', () => {
  describe('order', () => {
    const anyKey = fc
      .tuple(
        fc.constantFrom('', 'complete/'),
        fc.constantFrom('000001', '000002', '000010', 'x', ''),
        fc.constantFrom('', 'a', 'b', 'Z', 'é'),
      )
      .map(([folder, number, name]) => folder + (number && name ? `${number}_${name}` : number || name || '~'));
    const batch = fc.record({
      current: fc.array(fc.tuple(anyKey, fc.constantFrom('v1', 'v2')), { maxLength: 30 }),
      removed: fc.array(anyKey, { maxLength: 10 }),
      /** Enough others to make it sort everything anew. */
      isBig: fc.boolean(),
    });

    it('is that of sorting from scratch, after any changes', () => {
      fc.assert(
        fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
          const catalogue = new IssueCatalogue();
          const model = new Map<string, IssueSummary>();
          for (const { current, removed, isBig } of batches) {
            const others = isBig
              ? Array.from({ length: 100 }, (_, index) => [`${String(index).padStart(6, '0')}_other`, 'v'] as const)
              : [];
            const gone = [...new Set(removed)];
            const here = new Map([...current, ...others].filter(([key]) => !gone.includes(key)));
            const entries = [...here].map(([key, version]) => entry(key, version));
            catalogue.apply({ current: entries, removed: keys(...gone) });
            for (const key of gone) {
              model.delete(key);
            }
            for (const { summary } of entries) {
              model.set(summary.key, summary);
            }
            const sorted = [...model.values()].sort(compareIssues);
            assert.deepEqual(catalogue.summaries(), sorted);
            assert.deepEqual(
              catalogue.active,
              sorted.filter((issue) => !isCompleted(issue)),
            );
            assert.deepEqual(catalogue.completed, sorted.filter(isCompleted));
            assert.equal(catalogue.size, model.size);
            for (const number of [1, 2, 10]) {
              const meant = sorted.filter((issue) => issue.number === number);
              const best = meant.find((issue) => !isCompleted(issue)) ?? meant[0];
              assert.equal(catalogue.resolve(parseIssueRef(number))?.key, best?.key);
              assert.deepEqual(catalogue.withNumber(number), meant);
              assert.equal(catalogue.sharedNumbers.has(number), meant.length > 1);
            }
          }
        }),
        { numRuns: 80 },
      );
    }).timeout(30_000);
  });

  describe('from which many were taken one after another', () => {
    const COUNT = 60;
    const keyOf = (number: number) => `${String(number).padStart(6, '0')}_x`;
    const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);
    const kept = numbers.filter((number) => number % 3 === 0);
    const looks: readonly [string, (catalogue: IssueCatalogue) => unknown][] = [
      ['its list', (catalogue) => assert.deepEqual(keysOf(catalogue.active), kept.map(keyOf))],
      ['one of a number', (catalogue) => assert.equal(catalogue.resolve(parseIssueRef(57))?.key, keyOf(57))],
      ['those of a number', (catalogue) => assert.deepEqual(keysOf(catalogue.withNumber(57)), [keyOf(57)])],
      ['what is gone', (catalogue) => assert.equal(catalogue.resolve(parseIssueRef(58)), undefined)],
      [
        'a changed one',
        (catalogue) => {
          catalogue.apply({ current: [entry(keyOf(57), 'v2')], removed: [] });
          assert.equal(catalogue.active[kept.indexOf(57)]?.version, madeVersion('v2'));
        },
      ],
      [
        'one that comes back',
        (catalogue) => {
          catalogue.apply({ current: [entry(keyOf(58))], removed: [] });
          assert.deepEqual(keysOf(catalogue.active), [...kept, 58].sort((a, b) => a - b).map(keyOf));
        },
      ],
    ];
    for (const [what, look] of looks) {
      it(`knows ${what}`, () => {
        const catalogue = catalogueOf(...numbers.map(keyOf));
        for (const number of numbers.filter((each) => !kept.includes(each))) {
          catalogue.apply({ current: [], removed: keys(keyOf(number)) });
        }
        look(catalogue);
        assert.equal(catalogue.size, kept.length + (catalogue.get(keyOf(58) as IssueKey) ? 1 : 0));
      });
    }

    it('knows one that comes back after it alone was taken', () => {
      const catalogue = catalogueOf(...numbers.map(keyOf));
      catalogue.apply({ current: [], removed: keys(keyOf(58)) });
      catalogue.apply({ current: [entry(keyOf(58), 'v2')], removed: [] });
      assert.deepEqual(keysOf(catalogue.active), numbers.map(keyOf));
      assert.equal(catalogue.active[57]?.version, madeVersion('v2'));
    });
  });

  it('knows which numbers several issues have, however high they are', () => {
    const catalogue = catalogueOf('000001_a', '001023_x', '001024_a', '001024_b', '999999_a', 'complete/999999_b', '999998_x', '000001_b');
    assert.deepEqual([...catalogue.sharedNumbers].sort(), [1, 1024, 999_999]);
    catalogue.apply({ current: [], removed: keys('999999_a', '000001_a') });
    assert.deepEqual([...catalogue.sharedNumbers], [1024]);
  });

  describe('resolve', () => {
    const catalogue = catalogueOf(
      '000161_b',
      '000161_a',
      'complete/000161_0',
      'complete/000007_x',
      '000012',
      '000012_y',
      'both',
      'complete/both',
      '12',
    );
    const cases: readonly [number | string, string | undefined][] = [
      [161, '000161_a'],
      ['#161', '000161_a'],
      ['000161_b', '000161_b'],
      ['complete/000161_0', 'complete/000161_0'],
      ['000161_0', 'complete/000161_0'],
      [7, 'complete/000007_x'],
      [12, '000012'],
      ['12', '12'],
      ['000012', '000012'],
      ['both', 'both'],
      ['both.md', 'both'],
      ['complete/both.md', 'complete/both'],
      ['000007_x.md', undefined],
      [8, undefined],
      ['../both', undefined],
    ];
    for (const [ref, expected] of cases) {
      it(`takes ${JSON.stringify(ref)} for ${expected ?? 'nothing'}`, () => {
        assert.equal(catalogue.resolve(parseIssueRef(ref))?.key, expected);
      });
    }

    it('forgets a number with its last issue', () => {
      const changing = catalogueOf('000001_a', '000001_b');
      changing.apply({ current: [], removed: keys('000001_a') });
      assert.equal(changing.resolve(parseIssueRef(1))?.key, '000001_b');
      changing.apply({ current: [], removed: keys('000001_b') });
      assert.equal(changing.resolve(parseIssueRef(1)), undefined);
    });
  });

  describe('changes', () => {
    it('say what came, what is different and what went', () => {
      const catalogue = catalogueOf('a', 'b', 'c');
      catalogue.apply({ current: [entry('a', 'v2'), entry('d')], removed: keys('c') });
      const change = catalogue.takeChange();
      assert.deepEqual(
        [keysOf(change?.added), keysOf(change?.changed), keysOf(change?.removed), change?.otherFolders],
        [['d'], ['a'], ['c'], false],
      );
      assert.equal(catalogue.takeChange(), undefined);
    });

    it('are gathered until they are taken, as they were before the first and after the last', () => {
      const catalogue = catalogueOf('a', 'b');
      catalogue.apply({ current: [entry('a', 'v2')], removed: keys('b') });
      catalogue.apply({ current: [entry('a', 'v3'), entry('b', 'v9')], removed: [] });
      const change = catalogue.takeChange();
      assert.deepEqual(change?.changed.map(({ key, version }) => `${key} ${version}`).sort(), [
        `a ${madeVersion('v3')}`,
        `b ${madeVersion('v9')}`,
      ]);
      assert.deepEqual([change?.added, change?.removed], [[], []]);
    });

    it('that cancel each other out are none', () => {
      const catalogue = catalogueOf('a');
      catalogue.apply({ current: [entry('a', 'v2'), entry('x')], removed: [] });
      catalogue.apply({ current: [entry('a', 'v1')], removed: keys('x') });
      assert.equal(catalogue.takeChange(), undefined);
      catalogue.apply({ current: [], removed: keys('a', 'never-there') });
      catalogue.apply({ current: [entry('a')], removed: [] });
      assert.equal(catalogue.takeChange(), undefined);
    });

    it('have what went as it was before', () => {
      const catalogue = catalogueOf('a');
      catalogue.apply({ current: [entry('a', 'v2')], removed: [] });
      catalogue.apply({ current: [], removed: keys('a') });
      assert.deepEqual(
        catalogue.takeChange()?.removed.map(({ version }) => version),
        [madeVersion('v1')],
      );
    });

    it('are none for a file that was only touched, and its time is current all the same', () => {
      const catalogue = catalogueOf('a');
      const stat = { kind: 'file', size: 0, mtimeMs: 9, ctimeMs: 10, birthtimeMs: 0, ino: 1 } as const;
      catalogue.apply({ current: [{ ...entry('a', 'v1', { modifiedAt: 9 }), stat }], removed: [] });
      assert.equal(catalogue.takeChange(), undefined);
      assert.equal(catalogue.active[0]?.modifiedAt, 9);
      assert.deepEqual(catalogue.get(issueKey('a', false))?.stat, stat);
    });

    it('are there for a new problem, and for the same key in another store', () => {
      const catalogue = catalogueOf('a', 'b');
      catalogue.apply({
        current: [entry('a', '', { problem: { code: 'unreadable', message: 'EACCES' } })],
        removed: [],
      });
      assert.deepEqual(keysOf(catalogue.takeChange()?.changed), ['a']);
      catalogue.apply({ current: [entry('a', '', { problem: { code: 'unreadable', message: 'EIO' } })], removed: [] });
      assert.deepEqual(keysOf(catalogue.takeChange()?.changed), ['a']);
      catalogue.apply({ current: [], removed: keys('a', 'b') });
      catalogue.movedElsewhere();
      catalogue.apply({ current: [entry('b')], removed: [] });
      const change = catalogue.takeChange();
      assert.deepEqual([keysOf(change?.changed), keysOf(change?.removed)], [['b'], ['a']]);
      catalogue.apply({ current: [entry('b')], removed: [] });
      assert.equal(catalogue.takeChange(), undefined);
    });

    it('of the state alone take an issue from one list to the other, under the same key', () => {
      const catalogue = catalogueOf('a', 'b', 'c');
      const seen = [...catalogue.active];
      for (const [state, active, completed] of [
        ['active', 'abc', ''],
        ['done', 'ac', 'b'],
        ['dropped', 'ac', 'b'],
        ['review', 'abc', ''],
      ] as const) {
        const before = catalogue.get(keys('b')[0] as IssueKey)?.summary;
        const different = catalogue.apply({ current: [entry('b', 'v1', { state })], removed: [] });
        assert.deepEqual(different, ['b']);
        assert.deepEqual(
          [catalogue.active, catalogue.completed].map((list) => keysOf(list)?.join('')),
          [active, completed],
        );
        assert.equal(catalogue.size, seen.length);
        const change = catalogue.takeChange();
        const moved = before !== undefined && isCompleted(before) !== (completed === 'b');
        assert.deepEqual(
          change?.changed.map((issue) => issue.state),
          moved ? [] : [state],
        );
        assert.deepEqual(change?.removed, moved ? [before] : []);
        assert.deepEqual(
          change?.added.map((issue) => issue.state),
          moved ? [state] : [],
        );
      }
    });

    it('of the id take an issue to its new place, under the same key, and leave the others alone', () => {
      const catalogue = catalogueOf('a', 'b', 'c');
      catalogue.apply({ current: [entry('a', 'v2', { id: 'x' })], removed: [] });
      assert.deepEqual(
        catalogue.active.map(({ key, id }) => `${key} ${id}`),
        ['b b', 'c c', 'a x'],
      );
      const { added, changed, removed } = catalogue.takeChange() ?? assert.fail();
      assert.deepEqual(
        [added, changed, removed].map((issues) => issues.map(({ id }) => id)),
        [['x'], [], ['a']],
      );
    });

    it('say when other folders or the store itself came or went', () => {
      const catalogue = catalogueOf();
      for (const listing of [
        { exists: true, issueFolders: [], otherFolders: ['pending'] },
        { exists: true, issueFolders: [], otherFolders: [] },
        { exists: false, issueFolders: [], otherFolders: [] },
      ]) {
        catalogue.apply({ current: [], removed: [], listing });
        assert.equal(catalogue.takeChange()?.otherFolders, true);
        catalogue.apply({ current: [], removed: [], listing });
        assert.equal(catalogue.takeChange(), undefined);
      }
      assert.equal(catalogue.exists, false);
    });
  });

  it('holds on to no text that comes with a write', () => {
    const catalogue = new IssueCatalogue();
    const stored = { ...entry('a'), issue: { content: 'text' } };
    catalogue.apply({ current: [stored], removed: [] });
    const kept = catalogue.get(issueKey('a', false));
    assert.equal(kept?.summary.title, 'a');
    assert.equal('issue' in (kept ?? {}), false);
  });
});
