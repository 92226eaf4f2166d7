import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FilteredIssues } from '../../../../src/core/catalogue/filteredIssues.ts';
import { IssueCatalogue, type IssueChange } from '../../../../src/core/catalogue/issueCatalogue.ts';
import type { IssueKey, IssueSummary } from '../../../../src/core/issue/issue.ts';
import { madeVersion, numbered, summaryOf } from '../../support/summaries.ts';

function change(catalogue: IssueCatalogue, current: readonly IssueSummary[], removed: readonly IssueKey[] = []): IssueChange {
  catalogue.apply({ current: current.map((summary) => ({ summary, stat: undefined })), removed: [...removed] });
  const made = catalogue.takeChange();
  assert.ok(made);
  return made;
}

const keysOf = (issues: readonly IssueSummary[] | undefined) => issues?.map(({ key }) => key as string);
const keysIn = (shown: IssueChange | undefined) => shown && [keysOf(shown.added), keysOf(shown.changed), keysOf(shown.removed)];

let versions = 0;
const issue = (id: string, title: string, completed = false) => summaryOf(id, { title, completed, version: madeVersion(`v${++versions}`) });

describe('FilteredIssues', () => {
  async function filtered(query: string, ...issues: readonly IssueSummary[]) {
    const catalogue = new IssueCatalogue();
    change(catalogue, issues);
    const list = new FilteredIssues(catalogue, query);
    await list.fill();
    return { catalogue, list };
  }

  it('has an issue in the other list when its state changes and its key does not', async () => {
    const { catalogue, list } = await filtered('login', issue('000001_a', 'Login'), issue('000002_b', 'Login'));
    const dropped = summaryOf('000001_a', { title: 'Login', state: 'dropped' });
    const shown = list.apply(change(catalogue, [dropped]));
    assert.deepEqual(keysIn(shown), [['000001_a'], [], ['000001_a']]);
    assert.deepEqual([list.active, list.completed].map(keysOf), [['000002_b'], ['000001_a']]);
  });

  it('has what fits by number, title and id, every word of it', async () => {
    const issues = [
      issue('000001_a', 'Fix Login'),
      issue('000012_login', 'Fix'),
      issue('000120_c', 'Other'),
      issue('000003_d', 'Login', true),
    ];
    const { list } = await filtered('LOGIN', ...issues);
    assert.deepEqual([keysOf(list.active), keysOf(list.completed)], [['000001_a', '000012_login'], ['complete/000003_d']]);
    assert.deepEqual(keysOf((await filtered('login fix', ...issues)).list.active), ['000001_a', '000012_login']);
    assert.deepEqual(keysOf((await filtered('#12', ...issues)).list.active), ['000012_login', '000120_c']);
  });

  it('follows changes, and says what they are for those who see only this list', async () => {
    const { catalogue, list } = await filtered('login', issue('000001_a', 'login'), issue('000002_b', 'other'), issue('000003_c', 'login'));
    const shown = list.apply(
      change(catalogue, [
        issue('000001_a', 'nothing'),
        issue('000002_b', 'a login'),
        issue('000003_c', 'Login!'),
        issue('000004_d', 'login'),
        issue('000005_e', 'x'),
      ]),
    );
    assert.deepEqual(keysIn(shown), [['000004_d', '000002_b'], ['000003_c'], ['000001_a']]);
    assert.deepEqual(keysOf(list.active), ['000002_b', '000003_c', '000004_d']);
    assert.deepEqual(keysIn(list.apply(change(catalogue, [], ['000004_d', '000005_e'] as IssueKey[]))), [[], [], ['000004_d']]);
  });

  it('takes over what happens while it is being filled', async () => {
    const catalogue = new IssueCatalogue();
    change(catalogue, numbered(1, 30_000, { title: 'login' }));
    const list = new FilteredIssues(catalogue, 'login');
    const filling = list.fill();
    const shown = list.apply(
      change(catalogue, [issue('000007_issue', 'other'), issue('040000_new', 'login')], ['000001_issue'] as IssueKey[]),
    );
    assert.deepEqual(keysIn(shown), [[], [], []]);
    await filling;
    assert.deepEqual(keysOf(list.active), keysOf(catalogue.active.filter(({ title }) => title === 'login')));
  });

  it('gives up on a change that is too large to be taken over', async () => {
    const { catalogue, list } = await filtered('issue', issue('000900_a', 'x'));
    assert.equal(list.apply(change(catalogue, numbered(1, 501))), undefined);
  });

  it('is what a new list would be, whatever changes', async () => {
    const entries = fc.tuple(fc.nat({ max: 30 }), fc.constantFrom('login', 'other', undefined), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(entries, { minLength: 1, maxLength: 8 }), { maxLength: 12 }), async (steps) => {
        const { catalogue, list } = await filtered('login', issue('000999_z', 'x'));
        for (const step of steps) {
          for (const [number, title, completed] of step) {
            const made = issue(`${String(number).padStart(6, '0')}_x`, title ?? '', completed);
            catalogue.apply({
              current: title === undefined ? [] : [{ summary: made, stat: undefined }],
              removed: title === undefined ? [made.key] : [],
            });
          }
          const taken = catalogue.takeChange();
          if (taken !== undefined) {
            list.apply(taken);
          }
          const anew = new FilteredIssues(catalogue, 'login');
          await anew.fill();
          assert.deepEqual([list.active, list.completed], [anew.active, anew.completed]);
        }
      }),
    );
  });
});
