import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IssueCatalogue } from '../../../../src/core/catalogue/issueCatalogue.ts';
import type { Clock } from '../../../../src/core/clock.ts';
import type { IssueSummary } from '../../../../src/core/issue/issue.ts';
import { searchTitles } from '../../../../src/core/search/titleSearch.ts';
import { SLICE_MS } from '../../../../src/core/timeSlices.ts';
import { filterOf } from '../../support/filters.ts';
import { numbered, summaryOf } from '../../support/summaries.ts';

const searched = (lists: readonly (readonly IssueSummary[])[]) => lists.map((issues) => ({ issues, catalogue: new IssueCatalogue() }));

const found = async (lists: readonly (readonly IssueSummary[])[], query: string, limit = 100) =>
  (await searchTitles(searched(lists), filterOf(query), limit)).map(({ list, summary }) => `${list} ${summary.id}`);

const issue = (id: string, title: string) => summaryOf(id, { title });

describe('searchTitles', () => {
  const active = [
    issue('000001_a', 'Relogin after a pause'),
    issue('000002_b', 'Fix the login'),
    issue('000012_c', 'Login fails'),
    issue('000120_login-page', 'The page'),
    issue('000130_x', 'Something else'),
  ];

  it('puts the beginning of a title or an id first, then that of a word, then what is inside of one', async () => {
    assert.deepEqual(await found([active], 'LOGIN'), ['0 000012_c', '0 000002_b', '0 000120_login-page', '0 000001_a']);
  });

  it('finds a word start behind an earlier place inside of a word', async () => {
    const issues = [issue('000001_a', 'relogin and logins'), issue('000002_b', 'a login')];
    assert.deepEqual(await found([issues], 'login'), ['0 000001_a', '0 000002_b']);
  });

  it('puts an exact number first, with or without its sign, then numbers that begin so', async () => {
    for (const query of ['12', '#12', '000012']) {
      assert.equal((await found([active], query))[0], '0 000012_c', query);
    }
    assert.deepEqual(await found([active], '#12'), ['0 000012_c', '0 000120_login-page']);
  });

  it('finds titles and ids in either normal form of Unicode, and so do their words', async () => {
    const issues = ['é', 'ガ', '각', 'ệ'].flatMap((text, index) => [
      issue(`00000${index}_a`, `x ${text.normalize('NFC')}`),
      issue(`00001${index}_${text.normalize('NFD')}`, 'title'),
    ]);
    for (const [index, text] of ['É', 'ガ', '각', 'Ệ'].entries()) {
      for (const form of ['NFC', 'NFD']) {
        const ids = (await found([issues], text.normalize(form))).map((each) => each.slice(0, 8)).sort();
        assert.deepEqual(ids, [`0 00000${index}`, `0 00001${index}`], `${text} ${form}`);
      }
    }
  });

  it('does not find a letter without its accent in either form', async () => {
    const issues = ['NFC', 'NFD'].map((form, index) => issue(`00000${index}_a`, 'caf\u00e9'.normalize(form)));
    assert.deepEqual(await found([issues], 'cafe'), []);
  });

  it('finds the ids of other tools, however they are written', async () => {
    const other = (id: string, number: number | undefined, title: string) => ({
      ...issue(id, title),
      ...(number !== undefined && { number }),
    });
    const tasks = [other('BACK-120', 120, 'Twelve back-12 things'), other('BACK-12.1', undefined, 'Part'), other('BACK-12', 12, 'Whole')];
    for (const query of ['back-12', 'BACK-12']) {
      assert.deepEqual(await found([tasks], query), ['0 BACK-12', '0 BACK-120', '0 BACK-12.1'], query);
    }
    assert.deepEqual(await found([tasks], '#12'), ['0 BACK-12', '0 BACK-120']);
    assert.deepEqual(await found([tasks], '12'), ['0 BACK-12', '0 BACK-120', '0 BACK-12.1']);
    assert.deepEqual(await found([[other('12', 12, 'On a board')]], '#12'), ['0 12']);
    assert.deepEqual(await found([[other('beans-3tlw', undefined, 'Boil them')]], 'Beans-3TLW'), ['0 beans-3tlw']);
    assert.deepEqual(await found([[other('timer/03-pause', 3, 'Pause')]], 'timer/03'), ['0 timer/03-pause']);
  });

  it('finds the words of fields after those of titles and ids', async () => {
    const withFields = (id: string, title: string, fields: IssueSummary['fields']) => ({ ...issue(id, title), fields });
    const issues = [
      withFields('000001_a', 'One', { status: 'In Progress', priority: 'High', labels: ['ui', 'slow start'], assignees: ['@ada'] }),
      withFields('000002_b', 'Two', { status: 'Required', type: 'bug', milestone: 'Spring release' }),
      withFields('000003_c', 'A bug in the ui', {}),
    ];
    assert.deepEqual(await found([issues], 'ui'), ['0 000003_c', '0 000001_a']);
    assert.deepEqual(await found([issues], 'BUG'), ['0 000003_c', '0 000002_b']);
    for (const query of ['in progress', 'high', 'start', 'ada', '@ada', 'one high']) {
      assert.deepEqual(await found([issues], query), ['0 000001_a'], query);
    }
    assert.deepEqual(await found([issues], 'release'), ['0 000002_b']);
    assert.deepEqual(await found([issues], 'high release'), []);
    assert.deepEqual(await found([issues], 'tart'), [], 'only the beginning of a word counts');
  });

  it('takes only what has every word', async () => {
    assert.deepEqual(await found([active], ' login  fix '), ['0 000002_b']);
    assert.deepEqual(await found([active], 'login nothing'), []);
  });

  it('puts the first list before what fits as well in the second, and what fits better before both', async () => {
    const completed = [issue('000200_z', 'Login done'), issue('000201_z', 'No login')];
    assert.deepEqual(await found([active.slice(0, 3), completed], 'login'), [
      '0 000012_c',
      '1 000200_z',
      '0 000002_b',
      '1 000201_z',
      '0 000001_a',
    ]);
  });

  it('gives the first ones for a blank query', async () => {
    assert.deepEqual(await found([active, numbered(500, 3)], '  ', 6), [...active.map(({ id }) => `0 ${id}`), '1 000500_issue']);
  });

  it('never finds more than the limit, nor anything else than without one', async () => {
    const words = fc.constantFrom('login', 'log', 'in', 'page', '1', '12', '#2', 'ğ');
    const titles = fc.array(words, { maxLength: 3 }).map((parts) => parts.join(' '));
    const lists = fc.array(titles, { maxLength: 20 }).map((all) => all.map((title, index) => issue(`${index}_${title}`, title)));
    await fc.assert(
      fc.asyncProperty(lists, lists, words, fc.integer({ min: 1, max: 8 }), async (first, second, query, limit) => {
        const all = await found([first, second], query, 1000);
        assert.deepEqual(await found([first, second], query, limit), all.slice(0, limit));
        const expected = [...first, ...second].filter(({ id, title }) => `${id} ${title}`.includes(query)).length;
        assert.equal(all.length, query === '#2' ? all.length : expected);
      }),
    );
  });

  it('lets the event loop turn, and ends when it is called off', async () => {
    const issues = numbered(1, 10_000, { title: 'A title of the usual length' });
    const aborted = new AbortController();
    // Each look at the clock is the end of a turn, however quick the machine.
    let now = 0;
    const clock: Clock = { now: () => (now += SLICE_MS), epoch: () => now };
    const search = searchTitles(searched([issues]), filterOf('nothing like it'), 10, { clock, signal: aborted.signal });
    let isOver = false;
    const outcome = search.then(
      () => 'found',
      (error: unknown) => error,
    );
    void outcome.then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isOver, false);
    aborted.abort('called off');
    assert.equal(await outcome, 'called off');
  });
});
