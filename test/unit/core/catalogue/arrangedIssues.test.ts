import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ArrangedIssues, type ArrangedIssuesOptions, type IssueTest } from '../../../../src/core/catalogue/arrangedIssues.ts';
import {
  type Arrangement,
  DEFAULT_ARRANGEMENT,
  DIRECTIONS,
  GROUP_BY,
  readArrangement,
  SORT_BY,
} from '../../../../src/core/catalogue/arrangement.ts';
import { CatalogueGroups } from '../../../../src/core/catalogue/catalogueGroups.ts';
import { IssueCatalogue, type IssueChange } from '../../../../src/core/catalogue/issueCatalogue.ts';
import { type GroupsChange, type IssueGroups, isNested } from '../../../../src/core/catalogue/issueGroups.ts';
import { BACKLOG_FORMAT } from '../../../../src/core/formats/backlog.ts';
import { SCRATCH_FORMAT } from '../../../../src/core/formats/scratch.ts';
import type { IssueKey, IssueSummary } from '../../../../src/core/issue/issue.ts';
import type { IssueFields } from '../../../../src/core/issue/issueFields.ts';
import type { IssueState } from '../../../../src/core/issue/issueState.ts';
import { filterOf } from '../../support/filters.ts';
import { madeVersion, numbered, summaryOf } from '../../support/summaries.ts';

function change(catalogue: IssueCatalogue, current: readonly IssueSummary[], removed: readonly IssueKey[] = []): IssueChange {
  catalogue.apply({ current: current.map((summary) => ({ summary, stat: undefined })), removed: [...removed] });
  const made = catalogue.takeChange();
  assert.ok(made);
  return made;
}

const keysOf = (issues: readonly IssueSummary[] | undefined) => issues?.map(({ key }) => key as string);
const keysIn = (shown: GroupsChange | undefined, group: string) => {
  const { added = [], changed = [], removed = [] } = shown?.groups.get(group) ?? {};
  return [added, changed, removed].map(keysOf);
};
/** Of all groups together. */
const allKeysIn = (shown: GroupsChange | undefined) => {
  const changes = [...(shown?.groups.values() ?? [])];
  return [changes.flatMap(({ added }) => added), changes.flatMap(({ changed }) => changed), changes.flatMap(({ removed }) => removed)].map(
    keysOf,
  );
};
const issuesIn = (groups: IssueGroups, group: string) => groups.issuesOf(group).slice(0, groups.issuesOf(group).length);
/** `label: key key`, and what is below an issue in brackets behind it. */
const outline = (groups: IssueGroups): string[] => groups.names.map((name) => `${name}: ${rowsIn(groups, name)}`);
function rowsIn(groups: IssueGroups, group: string): string {
  const below = (key: string) => (isNested(groups.arrangement) && groups.issuesOf(key).length > 0 ? `(${rowsIn(groups, key)})` : '');
  return issuesIn(groups, group)
    .map(({ key }) => key + below(key))
    .join(' ');
}

let versions = 0;
const issue = (id: string, title: string, completed = false) => summaryOf(id, { title, completed, version: madeVersion(`v${++versions}`) });
const withFields = (id: string, fields: IssueFields, more: Partial<IssueSummary> = {}) =>
  summaryOf(id, { fields, version: madeVersion(`v${++versions}`), ...more });
async function filled(options: ArrangedIssuesOptions): Promise<ArrangedIssues> {
  const groups = new ArrangedIssues(options);
  await groups.fill();
  return groups;
}

async function arranged(arrangement: Arrangement, issues: readonly IssueSummary[], test?: IssueTest) {
  const catalogue = new IssueCatalogue();
  change(catalogue, issues);
  return { catalogue, list: await filled({ catalogue, arrangement, ...(test && { test }) }) };
}

describe('ArrangedIssues with a filter', () => {
  const filtered = (query: string, ...issues: readonly IssueSummary[]) => arranged(DEFAULT_ARRANGEMENT, issues, filterOf(query));

  it('has an issue in the other list when its state changes and its key does not', async () => {
    const { catalogue, list } = await filtered('login', issue('000001_a', 'Login'), issue('000002_b', 'Login'));
    const shown = list.apply(change(catalogue, [summaryOf('000001_a', { title: 'Login', state: 'dropped' })]));
    assert.deepEqual(keysIn(shown, 'active'), [[], [], ['000001_a']]);
    assert.deepEqual(keysIn(shown, 'completed'), [['000001_a'], [], []]);
    assert.deepEqual(outline(list), ['active: 000002_b', 'completed: 000001_a']);
  });

  it('has what fits by number, title and id, every word of it', async () => {
    const issues = [
      issue('000001_a', 'Fix Login'),
      issue('000012_login', 'Fix'),
      issue('000120_c', 'Other'),
      issue('000003_d', 'Login', true),
    ];
    assert.deepEqual(outline((await filtered('LOGIN', ...issues)).list), ['active: 000001_a 000012_login', 'completed: complete/000003_d']);
    assert.deepEqual(outline((await filtered('login fix', ...issues)).list), ['active: 000001_a 000012_login', 'completed: ']);
    assert.deepEqual(outline((await filtered('#12', ...issues)).list), ['active: 000012_login 000120_c', 'completed: ']);
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
    assert.deepEqual(keysIn(shown, 'active'), [['000004_d', '000002_b'], ['000003_c'], ['000001_a']]);
    assert.deepEqual(outline(list)[0], 'active: 000002_b 000003_c 000004_d');
    const gone = list.apply(change(catalogue, [], ['000004_d', '000005_e'] as IssueKey[]));
    assert.deepEqual(keysIn(gone, 'active'), [[], [], ['000004_d']]);
  });

  it('takes over what happens while it is being filled', async () => {
    const catalogue = new IssueCatalogue();
    change(catalogue, numbered(1, 30_000, { title: 'login' }));
    const list = new ArrangedIssues({ catalogue, arrangement: DEFAULT_ARRANGEMENT, test: filterOf('login') });
    const filling = list.fill();
    const shown = list.apply(
      change(catalogue, [issue('000007_issue', 'other'), issue('040000_new', 'login')], ['000001_issue'] as IssueKey[]),
    );
    assert.equal(shown?.groups.size, 0);
    await filling;
    assert.deepEqual(keysOf(issuesIn(list, 'active')), keysOf(catalogue.active.filter(({ title }) => title === 'login')));
  });

  it('gives up on a change that is too large to be taken over', async () => {
    const { catalogue, list } = await filtered('issue', issue('000900_a', 'x'));
    assert.equal(list.apply(change(catalogue, numbered(1, 501))), undefined);
  });

  it('has what becomes ready when the last thing before it is completed, and what is blocked again', async () => {
    const waiting = (id: string, ...dependencies: readonly string[]) => summaryOf(id, { fields: { dependencies } });
    const start = [summaryOf('000001_a'), summaryOf('000002_b'), waiting('000003_c', '1', '2'), waiting('000004_d', '3')];
    const { catalogue, list } = await filtered('is:ready', ...start);
    assert.deepEqual(keysOf(issuesIn(list, 'active')), ['000001_a', '000002_b']);
    assert.deepEqual(allKeysIn(list.apply(change(catalogue, [summaryOf('000001_a', { state: 'done' })]))), [[], [], ['000001_a']]);
    const shown = list.apply(change(catalogue, [summaryOf('000002_b', { state: 'done' })]));
    assert.deepEqual(allKeysIn(shown), [['000003_c'], [], ['000002_b']]);
    assert.deepEqual(allKeysIn(list.apply(change(catalogue, [summaryOf('000001_a')]))), [['000001_a'], [], ['000003_c']]);
    assert.deepEqual(allKeysIn(list.apply(change(catalogue, [], ['000001_a'] as IssueKey[]))), [['000003_c'], [], ['000001_a']]);
    assert.deepEqual(allKeysIn(list.apply(change(catalogue, [waiting('000004_d')]))), [['000004_d'], [], []]);
  });

  it('has what is not held up any more because another issue does not say so any more', async () => {
    const blocking = (...blocks: readonly string[]) =>
      summaryOf('000001_a', { fields: { blocks }, version: madeVersion(`v${++versions}`) });
    const { catalogue, list } = await filtered('is:blocked', blocking('2'), summaryOf('000002_b'), summaryOf('000003_c'));
    assert.deepEqual(keysOf(issuesIn(list, 'active')), ['000002_b']);
    assert.deepEqual(allKeysIn(list.apply(change(catalogue, [blocking('3')]))), [['000003_c'], [], ['000002_b']]);
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
            const anew = new ArrangedIssues({ catalogue, arrangement: DEFAULT_ARRANGEMENT, test: filterOf(query) });
            await anew.fill();
            assert.deepEqual(outline(list), outline(anew));
          }
        }),
      );
    });
  }

  it('takes over what happens before it is filled', async () => {
    const catalogue = new IssueCatalogue();
    change(catalogue, [issue('000001_a', 'login')]);
    const list = new ArrangedIssues({ catalogue, arrangement: DEFAULT_ARRANGEMENT, test: filterOf('login') });
    list.apply(change(catalogue, [issue('000002_b', 'login')]));
    await list.fill();
    assert.deepEqual(keysOf(issuesIn(list, 'active')), ['000001_a', '000002_b']);
  });
});

describe('the default arrangement', () => {
  it('is the lists of the catalogue, the completed issues from the newest on', async () => {
    const unnumbered = ['alpha', 'beta'].map((id) => summaryOf(id, { completed: true }));
    const issues = [...numbered(1, 3), ...numbered(4, 3, { completed: true }), ...unnumbered];
    const { catalogue, list } = await arranged(DEFAULT_ARRANGEMENT, issues);
    const groups = new CatalogueGroups(catalogue);
    const expected = [
      'active: 000001_issue 000002_issue 000003_issue',
      'completed: complete/000006_issue complete/000005_issue complete/000004_issue complete/beta complete/alpha',
    ];
    assert.deepEqual([outline(groups), outline(list)], [expected, expected]);
    assert.deepEqual(keysOf(groups.issuesOf('completed').slice(1, 2)), ['complete/000005_issue']);
    assert.deepEqual(groups.groupsOf('complete/000005_issue' as IssueKey), ['completed']);
    const made = change(catalogue, numbered(7, 1, { completed: true }));
    assert.deepEqual(keysIn(groups.apply(made), 'completed'), [['complete/000007_issue'], [], []]);
  });
});

describe('grouping', () => {
  const grouped = async (groupBy: Arrangement['groupBy'], ...issues: readonly IssueSummary[]) =>
    outline((await arranged({ groupBy }, issues)).list);

  it('by state has the states in their order, and no empty ones', async () => {
    const states: IssueState[] = ['dropped', 'active', 'open', 'done'];
    const issues = states.map((state, index) => summaryOf(`00000${index}_x`, { state }));
    assert.deepEqual(await grouped('state', ...issues), ['open: 000002_x', 'active: 000001_x', 'done: 000003_x', 'dropped: 000000_x']);
  });

  it('by status has those of the configuration first, then others by what they mean', async () => {
    const statuses = ['To Do', 'Done', 'in progress', 'Blocked', 'to do', undefined, 'wontfix', 'Ready'];
    const catalogue = new IssueCatalogue();
    change(
      catalogue,
      statuses.map((status, index) => withFields(`00000${index}_x`, status === undefined ? {} : { status })),
    );
    catalogue.statuses = ['Ready', 'To Do', 'Done'];
    const list = await filled({ catalogue, arrangement: { groupBy: 'status' } });
    assert.deepEqual(list.names, ['ready', 'to do', 'done', 'blocked', 'in progress', 'wontfix', '']);
    assert.deepEqual(keysOf(issuesIn(list, 'to do')), ['000000_x', '000004_x']);
    assert.deepEqual([list.valueOf('to do'), list.valueOf('')], ['To Do', undefined]);
    catalogue.statuses = ['Done'];
    assert.equal(list.apply(change(catalogue, [issue('000000_x', 'y')])), undefined, 'the order of all groups may be another');
  });

  it('by priority has the most urgent first', async () => {
    const priorities = ['low', 'High', '1', 'whatever', undefined, 'critical'];
    const issues = priorities.map((priority, index) => withFields(`00000${index}_x`, priority === undefined ? {} : { priority }));
    assert.deepEqual(
      (await grouped('priority', ...issues)).map((line) => line.split(':')[0]),
      ['critical', '1', 'high', 'low', 'whatever', ''],
    );
  });

  it('by label or assignee has an issue in each of its groups, once', async () => {
    const issues = [withFields('000001_a', { labels: ['ui', 'UI', 'area 10'] }), withFields('000002_b', { labels: ['area 9', 'ui'] })];
    assert.deepEqual(await grouped('label', ...issues, issue('000003_c', 'C')), [
      'area 9: 000002_b',
      'area 10: 000001_a',
      'ui: 000001_a 000002_b',
      ': 000003_c',
    ]);
    assert.deepEqual(await grouped('assignee', withFields('000001_a', { assignees: ['bo', 'al'] })), ['al: 000001_a', 'bo: 000001_a']);
  });

  it('by milestone has the most recent first', async () => {
    const issues = ['v1.9', 'v1.10', 'v1.2'].map((milestone, index) => withFields(`00000${index}_x`, { milestone }));
    assert.deepEqual(await grouped('milestone', ...issues, issue('000009_x', 'x')), [
      'v1.10: 000001_x',
      'v1.9: 000000_x',
      'v1.2: 000002_x',
      ': 000009_x',
    ]);
  });

  it('by series has our series and the folders of features', async () => {
    assert.deepEqual(await grouped('series', issue('SHELL_MCP_000271_x', 'X'), issue('000001_a', 'A')), [
      'shell_mcp: SHELL_MCP_000271_x',
      ': 000001_a',
    ]);
    const catalogue = new IssueCatalogue(SCRATCH_FORMAT);
    change(catalogue, [{ ...summaryOf('x'), id: 'timer/03-pause', key: 'timer/issues/03-pause' as IssueKey }]);
    assert.deepEqual(outline(await filled({ catalogue, arrangement: { groupBy: 'series' } })), ['timer: timer/issues/03-pause']);
  });

  it('mixes no completed issue with open ones: they come last, the newest first', async () => {
    const issues = [issue('000001_a', 'A', true), issue('000002_b', 'B'), issue('000003_c', 'C', true), issue('000004_d', 'D')];
    assert.deepEqual(await grouped('nothing', ...issues), [': 000002_b 000004_d complete/000003_c complete/000001_a']);
  });
});

describe('grouping by parent', () => {
  const nested = async (test: IssueTest | undefined, parents: Readonly<Record<number, number | undefined>>) => {
    const issues = Object.entries(parents).map(([id, parent]) => withFields(id, parent === undefined ? {} : { parent: String(parent) }));
    const catalogue = new IssueCatalogue(BACKLOG_FORMAT);
    change(catalogue, issues);
    const list = await filled({ catalogue, arrangement: { groupBy: 'parent' }, ...(test && { test }) });
    return { catalogue, list };
  };

  it('nests children at any depth, and has those whose parent is not found at the top', async () => {
    const { list } = await nested(undefined, { 1: undefined, 2: 1, 3: 2, 4: 1, 5: 77 });
    assert.deepEqual(outline(list), [': 1(2(3) 4) 5']);
  });

  it('shows each issue of a circle once', async () => {
    const { list } = await nested(undefined, { 1: 3, 2: 1, 3: 2, 4: 2, 5: 5 });
    assert.deepEqual(outline(list), [': 1(2(3 4)) 5']);
  });

  it('shows the children of an issue that is filtered out in its place', async () => {
    const { catalogue, list } = await nested(
      { fits: ({ title }) => title !== 'hidden', looksAtOthers: false },
      { 1: undefined, 2: 1, 3: 2, 4: 3 },
    );
    const hide = (id: string, parent: string) => change(catalogue, [withFields(id, { parent }, { title: 'hidden' })]);
    list.apply(hide('2', '1'));
    list.apply(hide('3', '2'));
    assert.deepEqual(outline(list), [': 1(4)']);
    list.apply(change(catalogue, [withFields('2', {}, { title: 'hidden' })]));
    assert.deepEqual(outline(list), [': 1 4']);
    list.apply(change(catalogue, [withFields('3', { parent: '1' })]));
    assert.deepEqual(outline(list), [': 1(3(4))']);
  });

  it('changes nothing for the other children of a parent', async () => {
    const { catalogue, list } = await nested(undefined, { 1: undefined, 2: 1, 3: 1 });
    const shown = list.apply(change(catalogue, [withFields('2', { parent: '1' }, { title: 'Other' })]));
    assert.deepEqual([...(shown?.groups.keys() ?? [])], ['1']);
    assert.deepEqual(keysIn(shown, '1'), [[], ['2'], []]);
  });
});

describe('sorting', () => {
  const day = (number: number) => Date.UTC(2026, 0, number);
  const issues = [
    withFields('000001_a', { priority: 'low', updated: day(3), order: '10' }, { title: 'Step 10', modifiedAt: day(9), createdAt: day(2) }),
    withFields('000002_b', { priority: 'P0', created: day(1) }, { title: 'step 9', modifiedAt: day(5), progress: { done: 1, total: 2 } }),
    withFields('000003_c', { priority: 'high', order: '9' }, { title: 'Alpha', modifiedAt: day(4), progress: { done: 3, total: 4 } }),
    withFields('000004_d', { order: '2.5' }, { title: 'Step 10', createdAt: day(3), progress: { done: 0, total: 9 } }),
  ];
  const EXPECTED = {
    id: ['1234', '4321'],
    title: ['3214', '1423'],
    modified: ['1324', '2314'],
    created: ['2143', '4123'],
    priority: ['2314', '1324'],
    progress: ['4231', '3241'],
    toolOrder: ['4312', '1342'],
  } as const;
  for (const by of SORT_BY) {
    it(`by ${by} is done each way, and what has no value comes last`, async () => {
      const found = await Promise.all(
        DIRECTIONS.map(async (direction) => {
          const { list } = await arranged({ groupBy: 'nothing', sort: { by, direction } }, issues);
          return issuesIn(list, '')
            .map(({ number }) => number)
            .join('');
        }),
      );
      assert.deepEqual(found, EXPECTED[by]);
    });
  }
});

describe('an arrangement that was kept', () => {
  it('is read, and what is not known in it is the default', () => {
    const kept: Arrangement = { groupBy: 'label', sort: { by: 'title', direction: 'descending' } };
    assert.deepEqual(readArrangement(JSON.parse(JSON.stringify(kept))), kept);
    for (const unknown of [
      undefined,
      null,
      7,
      { groupBy: 'colour' },
      { sort: { by: 'title' } },
      { sort: { by: 'x', direction: 'ascending' } },
    ]) {
      assert.deepEqual(readArrangement(unknown), { ...DEFAULT_ARRANGEMENT, sort: undefined });
    }
  });
});

describe('any arrangement, whatever changes', () => {
  const ref = fc.nat({ max: 9 }).map(String);
  const entry = fc.record({
    number: fc.nat({ max: 9 }),
    isGone: fc.boolean(),
    title: fc.constantFrom('a 2', 'a 10', 'B', 'hidden'),
    state: fc.constantFrom<IssueState>('open', 'active', 'done'),
    progress: fc.constantFrom(undefined, { done: 0, total: 0 }, { done: 1, total: 2 }),
    modifiedAt: fc.nat({ max: 3 }),
    fields: fc.record(
      {
        parent: ref,
        dependencies: fc.array(ref, { maxLength: 2 }),
        blocks: fc.array(ref, { maxLength: 1 }),
        labels: fc.uniqueArray(fc.constantFrom('x', 'X', 'y', 'z'), { maxLength: 2 }),
        priority: fc.constantFrom('high', 'low'),
        status: fc.constantFrom('To do', 'Done', 'odd'),
        order: fc.constantFrom('1', '2', 'a0'),
      },
      { requiredKeys: [] },
    ),
  });
  const steps = fc.array(fc.array(entry, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });
  const sorts = fc.option(fc.record({ by: fc.constantFrom(...SORT_BY), direction: fc.constantFrom(...DIRECTIONS) }), { nil: undefined });

  for (const groupBy of GROUP_BY) {
    it(`by ${groupBy} is what one that is made anew would be, and says what has changed`, async () => {
      await fc.assert(
        fc.asyncProperty(steps, sorts, fc.constantFrom('all', 'filtered'), async (changes, sort, shows) => {
          const catalogue = new IssueCatalogue(BACKLOG_FORMAT);
          const isUnfinished = (key: IssueKey) => catalogue.get(key)?.summary.state !== 'done';
          const fits = ({ key, title }: IssueSummary) => title !== 'hidden' && !catalogue.relations.dependenciesOf(key).some(isUnfinished);
          const options = {
            catalogue,
            arrangement: { groupBy, sort },
            ...(shows === 'filtered' && { test: { fits, looksAtOthers: true } }),
          };
          const list = await filled(options);
          for (const entries of changes) {
            for (const { number, isGone, ...more } of entries) {
              // Two files for each id.
              const summary: IssueSummary = {
                ...summaryOf(String(number % 7)),
                ...more,
                key: `${number}` as IssueKey,
                version: madeVersion(`v${++versions}`),
              };
              catalogue.apply({ current: isGone ? [] : [{ summary, stat: undefined }], removed: isGone ? [summary.key] : [] });
            }
            const taken = catalogue.takeChange();
            const before = rowsOf(list);
            const told = taken && list.apply(taken);
            const anew = await filled(options);
            assert.deepEqual(outline(list), outline(anew));
            assert.deepEqual(rowsOf(list), rowsOf(anew));
            assert.deepEqual(afterChange(before, told), new Map([...rowsOf(list)].map(([group, rows]) => [group, new Set(rows)])));
          }
        }),
      );
    });
  }

  /** The issues in each group that has any. */
  function rowsOf(list: IssueGroups): Map<string, readonly IssueSummary[]> {
    const names = isNested(list.arrangement) ? ['', ...Array.from({ length: 10 }, (_, number) => `${number}`)] : list.names;
    return new Map(names.map((name) => [name, issuesIn(list, name)] as const).filter(([, rows]) => rows.length > 0));
  }

  /** What groups have when that is done which was told. */
  function afterChange(
    before: ReadonlyMap<string, readonly IssueSummary[]>,
    told: GroupsChange | undefined,
  ): Map<string, Set<IssueSummary>> {
    const groups = new Map([...before].map(([group, rows]) => [group, new Map(rows.map((row) => [row.key, row]))]));
    for (const [group, { added, changed, removed }] of told?.groups ?? []) {
      const rows = groups.get(group) ?? new Map<IssueKey, IssueSummary>();
      groups.set(group, rows);
      for (const { key } of removed) {
        assert.ok(rows.delete(key), 'what was there is removed');
      }
      for (const each of [...added, ...changed]) {
        assert.equal(rows.has(each.key), changed.includes(each));
        rows.set(each.key, each);
      }
    }
    return new Map([...groups].filter(([, rows]) => rows.size > 0).map(([group, rows]) => [group, new Set(rows.values())]));
  }
});
