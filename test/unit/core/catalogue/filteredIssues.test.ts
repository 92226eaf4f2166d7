import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FilteredIssues } from '../../../../src/core/catalogue/filteredIssues.ts';
import { IssueCatalogue, type IssueChange } from '../../../../src/core/catalogue/issueCatalogue.ts';
import type { IssueKey, IssueSummary } from '../../../../src/core/issue/issue.ts';
import { filterOf } from '../../support/filters.ts';
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
    const list = new FilteredIssues(catalogue, filterOf(query));
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
    const list = new FilteredIssues(catalogue, filterOf('login'));
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
          const anew = new FilteredIssues(catalogue, filterOf('login'));
          await anew.fill();
          assert.deepEqual([list.active, list.completed], [anew.active, anew.completed]);
        }
      }),
    );
  });

  it('has what becomes ready when the last thing before it is completed, and what is blocked again', async () => {
    const waiting = (id: string, ...dependencies: readonly string[]) => summaryOf(id, { fields: { dependencies } });
    const start = [summaryOf('000001_a'), summaryOf('000002_b'), waiting('000003_c', '1', '2'), waiting('000004_d', '3')];
    const { catalogue, list } = await filtered('is:ready', ...start);
    assert.deepEqual(keysOf(list.active), ['000001_a', '000002_b']);
    assert.deepEqual(keysIn(list.apply(change(catalogue, [summaryOf('000001_a', { state: 'done' })]))), [[], [], ['000001_a']]);
    const shown = list.apply(change(catalogue, [summaryOf('000002_b', { state: 'done' })]));
    assert.deepEqual(keysIn(shown), [['000003_c'], [], ['000002_b']]);
    assert.deepEqual(keysIn(list.apply(change(catalogue, [summaryOf('000001_a')]))), [['000001_a'], [], ['000003_c']]);
    assert.deepEqual(keysIn(list.apply(change(catalogue, [], ['000001_a'] as IssueKey[]))), [['000003_c'], [], ['000001_a']]);
    assert.deepEqual(keysIn(list.apply(change(catalogue, [waiting('000004_d')]))), [['000004_d'], [], []]);
  });

  it('has what is not held up any more because another issue does not say so any more', async () => {
    const blocking = (...blocks: readonly string[]) =>
      summaryOf('000001_a', { fields: { blocks }, version: madeVersion(`v${++versions}`) });
    const { catalogue, list } = await filtered('is:blocked', blocking('2'), summaryOf('000002_b'), summaryOf('000003_c'));
    assert.deepEqual(keysOf(list.active), ['000002_b']);
    assert.deepEqual(keysIn(list.apply(change(catalogue, [blocking('3')]))), [['000003_c'], [], ['000002_b']]);
  });

  for (const query of ['is:ready', 'is:blocked', 'parent:3', '-parent:000003_x', 'depends:3', 'blocks:3 -is:dropped']) {
    it(`is what a new list would be, whatever changes among related issues: ${query}`, async () => {
      const ref = fc.integer({ min: 1, max: 6 });
      const made = fc.record({
        number: ref,
        name: fc.constantFrom('x', 'y'),
        state: fc.constantFrom('open' as const, 'active' as const, 'done' as const, 'dropped' as const),
        isThere: fc.boolean(),
        parent: fc.option(ref, { nil: undefined }),
        dependencies: fc.option(fc.array(ref, { maxLength: 2 }), { nil: undefined }),
        blocks: fc.option(fc.array(ref, { maxLength: 2 }), { nil: undefined }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(made, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), async (steps) => {
          const { catalogue, list } = await filtered(query, summaryOf('000003_z'));
          for (const step of steps) {
            for (const { number, name, state, isThere, parent, dependencies, blocks } of step) {
              const fields = {
                ...(parent !== undefined && { parent: `#${parent}` }),
                ...(dependencies !== undefined && { dependencies: dependencies.map(String) }),
                ...(blocks !== undefined && { blocks: blocks.map(String) }),
              };
              const summary = summaryOf(`00000${number}_${name}`, { state, fields, version: madeVersion(`v${++versions}`) });
              catalogue.apply({ current: isThere ? [{ summary, stat: undefined }] : [], removed: isThere ? [] : [summary.key] });
            }
            const taken = catalogue.takeChange();
            if (taken !== undefined) {
              list.apply(taken);
            }
            const anew = new FilteredIssues(catalogue, filterOf(query));
            await anew.fill();
            assert.deepEqual([list.active, list.completed].map(keysOf), [anew.active, anew.completed].map(keysOf));
          }
        }),
      );
    });
  }

  it('takes over what happens before it is filled', async () => {
    const catalogue = new IssueCatalogue();
    change(catalogue, [issue('000001_a', 'login')]);
    const list = new FilteredIssues(catalogue, filterOf('login'));
    list.apply(change(catalogue, [issue('000002_b', 'login')]));
    await list.fill();
    assert.deepEqual(keysOf(list.active), ['000001_a', '000002_b']);
  });
});
