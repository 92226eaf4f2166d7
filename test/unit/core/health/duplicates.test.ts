import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { planRepair } from '../../../../src/core/health/duplicateRepair.ts';
import { rewritesOf, searchReferences } from '../../../../src/core/health/referenceSearch.ts';
import { concernedBy, findingsOf } from '../../../../src/core/health/storeFindings.ts';
import type { IssueKey, IssueSummary } from '../../../../src/core/issue/issue.ts';
import { type OpenStore, useStores } from '../../support/openStore.ts';
import { summaryOf } from '../../support/summaries.ts';

const NOT_TEXT = new Uint8Array([0x23, 0xe9]);
const keysOf = (issues: Iterable<Pick<IssueSummary, 'key'>>) => Array.from(issues, ({ key }) => key as string);

describe('duplicates and other things to mend', () => {
  const { folder, open } = useStores();

  const summary = ({ store }: OpenStore, key: string): IssueSummary => {
    const entry = store.catalogue.get(key as IssueKey);
    assert.ok(entry, key);
    return entry.summary;
  };

  /** Each finding of an issue in a word and whom it is about. */
  const findings = (opened: OpenStore, key: string) =>
    findingsOf(opened.store.catalogue, summary(opened, key)).map((finding) => {
      switch (finding.kind) {
        case 'sharedNumber':
          return `${finding.number}: ${keysOf(finding.others).join(' ')}`;
        case 'bothFolders':
          return `both: ${finding.other.key}`;
        case 'mergeConflict':
          return 'merge conflict';
        case 'conflictedCopy':
          return `copy of ${finding.originalId}`;
        default:
          return `${finding.kind}: ${'message' in finding && finding.message.includes(`${key}.md`)}`;
      }
    });

  describe('findings', () => {
    it('name the others of a number, but not the file of the same name', async () => {
      folder().writeAll({
        'issues/000161_a.md': '',
        'issues/000161_b.md': '',
        'issues/complete/000161_a.md': '',
        'issues/000002_single.md': '',
        'issues/000003_both.md': '',
        'issues/complete/000003_both.md': '',
        'issues/plain.md': '',
        'issues/complete/plain.md': '',
      });
      const opened = await open();
      assert.deepEqual(findings(opened, '000161_a'), ['both: complete/000161_a', '161: 000161_b']);
      assert.deepEqual(findings(opened, '000161_b'), ['161: 000161_a complete/000161_a']);
      assert.deepEqual(findings(opened, '000002_single'), []);
      assert.deepEqual(findings(opened, 'complete/000003_both'), ['both: 000003_both']);
      assert.deepEqual(findings(opened, 'plain'), ['both: complete/plain']);
    });

    it('say why a text could not be taken', async () => {
      folder().writeAll({ 'issues/000001_latin.md': NOT_TEXT, 'issues/000002_locked.md': 'x' });
      symlinkSync('000002_locked.md', folder().join('issues/000003_link.md'));
      chmodSync(folder().join('issues/000002_locked.md'), 0);
      const opened = await open();
      assert.deepEqual(findings(opened, '000001_latin'), ['notText: true']);
      assert.deepEqual(findings(opened, '000003_link'), ['symbolicLink: true']);
      // Root reads everything.
      assert.deepEqual(findings(opened, '000002_locked'), process.getuid?.() === 0 ? [] : ['unreadable: true']);
    });

    it('name conflicts that a merge has left, until they are gone', async () => {
      const conflict = '<<<<<<< HEAD\n- [x] a\n=======\n- [ ] a\n>>>>>>> branch\n';
      folder().writeAll({ 'issues/a.md': `# A\n\n${conflict}`, 'issues/b.md': `# B\n\n\`\`\`\n${conflict}\`\`\`\n` });
      const opened = await open();
      assert.deepEqual([findings(opened, 'a'), findings(opened, 'b')], [['merge conflict'], []]);
      assert.deepEqual(summary(opened, 'a').progress, { done: 1, total: 1 });
      await opened.eventsOf(folder(), () => folder().write('issues/a.md', '# A\n\n- [x] a\n'));
      assert.deepEqual(findings(opened, 'a'), []);
      await opened.store.for('test').updateIssue('a', conflict);
      assert.deepEqual(findings(opened, 'a'), ['merge conflict']);
    });

    it('name the copies of sync programs', async () => {
      const copies = [
        "a (Ann's conflicted copy 2025-08-01)",
        'a (conflicted copy 2025-08-01 120000)',
        'a (conflicted copy)',
        'a.sync-conflict-20250801-120000-ABCDEF7',
        'a_conflict-20250801-120000',
      ];
      const others = ['a', 'a (1)', 'a conflicted copy', 'fix_conflict-2025', 'a.sync-conflict-20250801', 'a (unconflicted copying)'];
      folder().writeAll(Object.fromEntries([...copies, ...others].map((name) => [`issues/${name}.md`, ''])));
      const opened = await open();
      for (const name of copies) {
        assert.deepEqual(findings(opened, name), ['copy of a'], name);
      }
      for (const name of others) {
        assert.deepEqual(findings(opened, name), [], name);
      }
    });

    it('can be others for those that an issue which came or went has to do with, and for nobody else', async () => {
      folder().writeAll({ 'issues/000001_a.md': '', 'issues/complete/000001_b.md': '', 'issues/000002_c.md': '', 'issues/plain.md': '' });
      const opened = await open();
      const { store, changes } = opened;
      const concerned = async (change: () => unknown) => {
        await opened.eventsOf(folder(), change);
        return keysOf(concernedBy(store.catalogue, changes.events.at(-2) ?? assert.fail()).values()).sort();
      };
      assert.deepEqual(await concerned(() => folder().write('issues/000001_new.md')), ['000001_a', '000001_new', 'complete/000001_b']);
      assert.deepEqual(await concerned(() => folder().remove('issues/000001_a.md')), ['000001_new', 'complete/000001_b']);
      assert.deepEqual(await concerned(() => folder().write('issues/complete/plain.md')), ['complete/plain', 'plain']);
      assert.deepEqual(await concerned(() => folder().write('issues/000001_new.md', 'changed')), ['000001_new']);
    });
  });

  describe('the plan to repair them', () => {
    const plan = async (...names: readonly string[]) => {
      folder().writeAll(Object.fromEntries(names.map((name) => [`issues/${name}.md`, name.includes('latin') ? NOT_TEXT : name])));
      const { moves, left } = planRepair((await open()).store.catalogue);
      return { moves: keysOf(moves), left: keysOf(left) };
    };

    it('lets a completed issue keep the number, else the first in order', async () => {
      assert.deepEqual(await plan('000001_a', '000001_b', 'complete/000001_c', 'complete/000001_d', '000007_z', '000007', '000009_only'), {
        moves: ['000001_a', '000001_b', 'complete/000001_d', '000007_z'],
        left: [],
      });
    });

    it('copes with any number of files that share one', () => {
      const same = Array.from({ length: 200_000 }, (_, index) => summaryOf(`000001_${index}`));
      const source = { get: () => undefined, withNumber: () => same, sharedNumbers: new Set([1]) };
      assert.equal(planRepair(source).moves.length, same.length - 1);
      const unread = same.map((each) => ({ ...each, problem: { code: 'unreadable', message: '' } as const }));
      assert.equal(planRepair({ ...source, withNumber: () => unread }).left.length, unread.length);
    });

    it('leaves alone what is in both folders, and moves the others out of its way', async () => {
      assert.deepEqual(await plan('000001_a', 'complete/000001_a', '000001_b', 'complete/000001_c', '000002_d', 'complete/000002_d'), {
        moves: ['000001_b', 'complete/000001_c'],
        left: [],
      });
    });

    it('moves others rather than what cannot be read, and says what is left', async () => {
      assert.deepEqual(await plan('complete/000001_a', '000001_latin', '000002_latin', '000002_latin2', '000002_c'), {
        moves: ['complete/000001_a', '000002_c'],
        left: ['000002_latin', '000002_latin2'],
      });
    });

    it('leaves no number to several issues when it has been carried out, and nothing is lost', async () => {
      folder().writeAll({
        'issues/000001_a.md': 'A',
        'issues/000001_b.md': 'B',
        'issues/complete/000001_c.md': 'C',
        'issues/000002_d.md': 'D',
      });
      const { store } = await open();
      const before = folder().contents();
      const moves = planRepair(store.catalogue).moves;
      const { issues, undo } = await store.for('test').renumberIssuesBatch({ moves: moves.map((ref) => ({ ref })), rewrites: [] });
      assert.deepEqual(keysOf(issues), ['000003_a', '000004_b']);
      assert.deepEqual([...store.catalogue.sharedNumbers], []);
      await store.write(undo);
      assert.deepEqual(folder().contents(), before);
      assert.deepEqual([...store.catalogue.sharedNumbers], [1]);
    });
  });

  describe('the survey of mentions', () => {
    const survey = async (opened: OpenStore, ...moves: readonly string[]) => {
      const found = await searchReferences(
        opened.store,
        moves.map((key) => summary(opened, key)),
      );
      return found.map(({ within, line, text, mention, of, alternatives }) => {
        const what = `${within.key}:${line + 1} ${text} → ${mention.id ?? `#${mention.number}`} of ${of.key}`;
        return alternatives.length === 0 ? what : `${what}, or ${keysOf(alternatives).join(' ')}`;
      });
    };

    it('finds every mention with its place, and whom else it can mean', async () => {
      folder().writeAll({
        'issues/000161_a.md': '# A\r\n\r\n  branch issue/000161_a  \r\n',
        'issues/000161_b.md': 'No word of others, but #161.',
        'issues/000162_c.md': 'First 000161_a, then 000161_b\n\n000161_a again',
        'issues/complete/000162_c.md': 'Twin of 000162_c, see #162',
        'issues/000163_latin.md': NOT_TEXT,
      });
      const opened = await open();
      assert.deepEqual(await survey(opened, '000161_a'), [
        '000161_a:3 branch issue/000161_a → 000161_a of 000161_a',
        '000161_b:1 No word of others, but #161. → #161 of 000161_a, or 000161_b',
        '000162_c:1 First 000161_a, then 000161_b → 000161_a of 000161_a',
        '000162_c:3 000161_a again → 000161_a of 000161_a',
      ]);
      assert.deepEqual(await survey(opened, '000162_c'), [
        'complete/000162_c:1 Twin of 000162_c, see #162 → 000162_c of 000162_c, or complete/000162_c',
        'complete/000162_c:1 Twin of 000162_c, see #162 → #162 of 000162_c, or complete/000162_c',
      ]);
    });

    it('is carried out as one batch, with every text in it once', async () => {
      folder().writeAll({
        'issues/000161_a.md': 'I am 000161_a, not 000161_b',
        'issues/000161_b.md': 'After 000161_a and after 000161_a.md',
        'issues/complete/000161_c.md': 'Old',
      });
      const opened = await open();
      const moves = planRepair(opened.store.catalogue).moves;
      const rewrites = rewritesOf(await searchReferences(opened.store, moves), moves);
      assert.equal(rewrites.length, 2);
      await opened.store.for('test').renumberIssuesBatch({ moves: moves.map((ref) => ({ ref })), rewrites });
      assert.deepEqual(folder().contents('issues'), {
        '000162_a.md': 'I am 000162_a, not 000163_b',
        '000163_b.md': 'After 000162_a and after 000162_a.md',
        'complete/000161_c.md': 'Old',
      });
    });

    it('goes on without a text that has gone since it was listed', async () => {
      folder().writeAll({ 'issues/000001_a.md': '000001_a', 'issues/000002_gone.md': '000001_a', 'issues/000003_c.md': '000001_a' });
      const opened = await open();
      opened.store.clearCache();
      const { getIssues, getIssue, catalogue } = opened.store;
      folder().remove('issues/000002_gone.md');
      const source = { getIssues: getIssues.bind(opened.store), getIssue: getIssue.bind(opened.store), catalogue };
      const found = await searchReferences(source, [summary(opened, '000001_a')]);
      assert.deepEqual(keysOf(found.map(({ within }) => within)), ['000001_a', '000003_c']);
    });

    it('says how far it is, and ends when it is cancelled', async () => {
      folder().writeAll(Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`issues/n${index}.md`, ''])));
      folder().write('issues/000001_a.md');
      const opened = await open();
      const steps: string[] = [];
      const cancel = new AbortController();
      const moves = [summary(opened, '000001_a')];
      await searchReferences(opened.store, moves, { onProgress: (done, total) => steps.push(`${done}/${total}`) });
      assert.deepEqual(steps, ['200/451', '400/451', '451/451']);
      const cancelled = searchReferences(opened.store, moves, { signal: cancel.signal, onProgress: () => cancel.abort() });
      await assert.rejects(cancelled, { name: 'AbortError' });
    });
  });
});
