import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_FORMATS } from '../../../../src/core/formats/allFormats.ts';
import { BACKLOG_FORMAT } from '../../../../src/core/formats/backlog.ts';
import { BEANS_FORMAT } from '../../../../src/core/formats/beans.ts';
import { FRONT_MATTER_FORMAT } from '../../../../src/core/formats/frontMatterFolder.ts';
import { SCRATCH_FORMAT } from '../../../../src/core/formats/scratch.ts';
import type { StoreFormat, StorePlace } from '../../../../src/core/formats/storeFormat.ts';
import { concernedBy, findingsOf, isHarmless, type StoreFinding } from '../../../../src/core/health/storeFindings.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { byHand } from '../../support/byHand.ts';
import { probeOf } from '../../support/describedIssues.ts';
import { CORPORA } from '../../support/issueCorpora.ts';
import { type OpenStore, useStores } from '../../support/openStore.ts';

/** A finding in few words. */
function inWords(finding: StoreFinding): string {
  const mark = isHarmless(finding) ? 'i' : '!';
  switch (finding.kind) {
    case 'sharedId':
    case 'parentCircle':
    case 'dependencyCircle':
      return `${mark} ${finding.kind}: ${finding.others.map(({ id }) => id).join(' ')}`;
    case 'danglingReference':
      return `${mark} ${finding.kind}: ${finding.references.map(({ relation, ref }) => `${relation} ${ref}`).join(', ')}`;
    case 'unknownStatus':
      return `${mark} ${finding.status}, not ${finding.known.join(' ')}`;
    case 'textProblem':
      return `${mark} ${finding.problem.line}: ${finding.problem.message}`;
    default:
      return `${mark} ${finding.kind}`;
  }
}

const file = (fields: Readonly<Record<string, string>>) =>
  `---\n${Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')}---\n`;

describe('findings of the formats', () => {
  const { folder, open, make } = useStores();

  /** What is wrong with each issue that has something, by the end of its key. */
  const allFindings = ({ store: { catalogue } }: OpenStore) =>
    Object.fromEntries(
      catalogue
        .summaries()
        .map((summary) => [summary.key.split('/').at(-1) ?? '', findingsOf(catalogue, summary).map(inWords)] as const)
        .filter(([, findings]) => findings.length > 0),
    );

  const inFormat = async (format: StoreFormat, files: Readonly<Record<string, string>>, place: StorePlace) => {
    folder().writeAll(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${place.folder}/${path}`, text])));
    return { opened: await make({ ...byHand().options, format, place }).open() };
  };

  const backlog = (files: Readonly<Record<string, string>>, config = 'project_name: x\n') =>
    inFormat(BACKLOG_FORMAT, { 'config.yml': config, ...files }, { folder: 'backlog', config: 'backlog/config.yml' });

  /** The ends of the keys of those whom the next change concerns. */
  const concernedAfter = async ({ store, changes }: OpenStore, change: () => unknown) => {
    changes.events.length = 0;
    await change();
    await store.refresh();
    const [event = assert.fail('no change')] = changes.events;
    return [...concernedBy(store.catalogue, event).keys()].map((key) => key.split('/').at(-1)).sort();
  };

  it('name ids that the format takes for the same, and let pass what the tool gives away again', async () => {
    const { opened } = await backlog({
      'tasks/task-5 - a.md': file({ id: 'TASK-05' }),
      'completed/task-5 - b.md': file({ id: 'task-5' }),
      'tasks/task-6 - a.md': file({ id: 'TASK-6' }),
      'archive/tasks/task-6 - old.md': file({ id: 'TASK-6' }),
      'tasks/task-7 - a.md': file({ id: 'BACK-7' }),
      'completed/task-7 - b.md': file({ id: 'TASK-7' }),
    });
    assert.deepEqual(allFindings(opened), {
      'task-5 - a': ['! sharedId: TASK-5'],
      'task-5 - b': ['! sharedId: TASK-05'],
      'task-6 - a': ['i sharedId: TASK-6'],
      'task-6 - old': ['i sharedId: TASK-6'],
    });
  });

  it('are one for all references that lead nowhere, which comes and goes with what they lead to', async () => {
    const { opened } = await backlog({
      'tasks/task-1 - a.md': file({ id: 'TASK-1', parent_task_id: 'task-9', dependencies: '[task-2, OLD-3, task-04]' }),
      'tasks/task-2 - b.md': file({ id: 'TASK-2' }),
      'tasks/task-4 - d.md': file({ id: 'TASK-4' }),
    });
    const dangling = (refs: string) => ({ 'task-1 - a': [`i danglingReference: ${refs}`] });
    assert.deepEqual(allFindings(opened), dangling('parent TASK-9, dependency OLD-3'));
    const write = () => folder().write('backlog/tasks/task-9 - c.md', file({ id: 'TASK-009' }));
    assert.deepEqual(await concernedAfter(opened, write), ['task-1 - a', 'task-9 - c']);
    assert.deepEqual(allFindings(opened), dangling('dependency OLD-3'));
    const rename = () => folder().write('backlog/tasks/task-9 - c.md', file({ id: 'OLD-3', title: 'renamed' }));
    assert.deepEqual(await concernedAfter(opened, rename), ['task-1 - a', 'task-9 - c']);
    assert.deepEqual(allFindings(opened), dangling('parent TASK-9'));
    assert.deepEqual(await concernedAfter(opened, () => folder().remove('backlog/tasks/task-2 - b.md')), ['task-1 - a']);
    assert.deepEqual(allFindings(opened), dangling('parent TASK-9, dependency TASK-2'));
  });

  it('tell of a circle on each issue of it, until it is opened', async () => {
    const task = (id: string, fields: Readonly<Record<string, string>>) => ({ [`tasks/${id} - x.md`]: file({ id, ...fields }) });
    const { opened } = await backlog({
      ...task('task-1', { dependencies: '[task-2]' }),
      ...task('task-2', { dependencies: '[task-3, task-4]' }),
      ...task('task-3', { dependencies: '[task-1]' }),
      ...task('task-4', { parent_task_id: 'task-5' }),
      ...task('task-5', { parent_task_id: 'task-4' }),
      ...task('task-6', { dependencies: '[task-6, task-1]', parent_task_id: 'task-5' }),
    });
    assert.deepEqual(allFindings(opened), {
      'task-1 - x': ['! dependencyCircle: TASK-2 TASK-3'],
      'task-2 - x': ['! dependencyCircle: TASK-3 TASK-1'],
      'task-3 - x': ['! dependencyCircle: TASK-1 TASK-2'],
      'task-4 - x': ['! parentCircle: TASK-5'],
      'task-5 - x': ['! parentCircle: TASK-4'],
      'task-6 - x': ['! dependencyCircle: '],
    });
    const openCircle = () => folder().write('backlog/tasks/task-2 - x.md', file({ id: 'task-2', dependencies: '[task-4]' }));
    assert.deepEqual(await concernedAfter(opened, openCircle), ['task-1 - x', 'task-2 - x', 'task-3 - x']);
    assert.deepEqual(Object.keys(allFindings(opened)), ['task-4 - x', 'task-5 - x', 'task-6 - x']);
    const closeAnother = () => folder().write('backlog/tasks/task-4 - x.md', file({ id: 'task-4', dependencies: '[task-1, task-3]' }));
    const all = ['task-1 - x', 'task-2 - x', 'task-3 - x', 'task-4 - x'];
    assert.deepEqual(await concernedAfter(opened, closeAnother), [...all, 'task-5 - x']);
    assert.deepEqual(Object.keys(allFindings(opened)), [...all, 'task-6 - x']);
  });

  it('follow a dependency whichever of the two issues says it', async () => {
    const { opened } = await inFormat(
      BEANS_FORMAT,
      {
        'b-1--a.md': file({ title: 'a', status: 'todo', blocking: '[b-2]' }),
        'b-2--b.md': file({ title: 'b', status: 'todo', blocking: '[b-3]' }),
        'b-3--c.md': file({ title: 'c', status: 'todo' }),
        'b-4--d.md': file({ title: 'd', status: 'todo', blocked_by: '[b-3]', blocking: '[b-9]' }),
      },
      { folder: '.beans' },
    );
    const { relations } = opened.store.catalogue;
    assert.deepEqual(relations.dependenciesOf('b-3--c' as IssueKey), ['b-2--b']);
    assert.deepEqual(relations.dependentsOf('b-3--c' as IssueKey), ['b-4--d']);
    assert.deepEqual(allFindings(opened), { 'b-4--d': ['i danglingReference: blocks b-9'] });
    await concernedAfter(opened, () => folder().write('.beans/b-1--a.md', file({ title: 'a', blocking: '[b-2]', blocked_by: '[b-4]' })));
    assert.deepEqual(allFindings(opened), {
      'b-1--a': ['! dependencyCircle: b-4 b-3 b-2'],
      'b-2--b': ['! dependencyCircle: b-1 b-4 b-3'],
      'b-3--c': ['! dependencyCircle: b-2 b-1 b-4'],
      'b-4--d': ['i danglingReference: blocks b-9', '! dependencyCircle: b-3 b-2 b-1'],
    });
  });

  it('keep the row of a text with mistakes, and name the line', async () => {
    const { opened } = await backlog({ 'tasks/task-1 - a.md': '---\nid: TASK-1\ntitle: a\nlabels: [x\nstatus: To Do\n---\n' });
    const [summary] = opened.store.catalogue.active;
    assert.equal(summary?.title, 'a');
    const [finding, ...others] = findingsOf(opened.store.catalogue, summary);
    assert.ok(finding?.kind === 'textProblem' && finding.problem.line >= 3 && finding.problem.line <= 5, JSON.stringify(finding));
    assert.deepEqual(others, []);
  });

  it('know the statuses of the configuration as it is now', async () => {
    const task = { 'tasks/task-1 - a.md': file({ status: 'doing' }), 'tasks/task-2 - b.md': file({ status: 'to  DO' }) };
    const { opened } = await backlog({ ...task, 'drafts/draft-1 - c.md': file({ status: 'Draft' }) }, 'statuses: [To Do, Done]\n');
    assert.deepEqual(allFindings(opened), { 'task-1 - a': ['i doing, not Draft To Do Done'] });
    const states = opened.states.events.length;
    folder().write('backlog/config.yml', 'statuses: [To Do, Doing, Done]\n');
    await opened.store.refresh();
    assert.ok(opened.states.events.length > states, 'the new configuration is told of');
    assert.deepEqual(allFindings(opened), {});
  });

  it('say what is wrong with the configuration itself, as long as it is', async () => {
    const { opened } = await backlog({ 'tasks/task-1 - a.md': file({ status: 'To Do' }) }, 'project_name: x\nstatuses: To Do\n');
    const filePath = folder().join('backlog/config.yml');
    assert.deepEqual(opened.store.config, { filePath, problem: { line: 1, message: '“statuses” must be a list.' } });
    const states = opened.states.events.length;
    folder().write('backlog/config.yml', 'project_name: x\n');
    await opened.store.refresh();
    assert.ok(opened.states.events.length > states, 'the new configuration is told of');
    assert.deepEqual(opened.store.config, { filePath });
  });

  it('read references where the issue stands, if numbers begin anew in each folder', async () => {
    const { opened } = await inFormat(
      SCRATCH_FORMAT,
      {
        'lamp/issues/01-a.md': '# A\n\nStatus: open\n',
        'lamp/issues/02-b.md': '# B\n\nStatus: open\n**Blocked by:** 01, 04\n',
        'timer/issues/02-b.md': '# B\n\nStatus: open\n**Blocked by:** 01\n',
      },
      { folder: '.scratch' },
    );
    const { catalogue } = opened.store;
    const found = catalogue.summaries().map((summary) => [summary.key, findingsOf(catalogue, summary).map(inWords)]);
    assert.deepEqual(found, [
      ['lamp/issues/01-a', []],
      ['lamp/issues/02-b', ['i danglingReference: dependency 04']],
      ['timer/issues/02-b', ['i danglingReference: dependency 01']],
    ]);
  });

  it('expect no parents in a folder whose epics can lie beside it', async () => {
    const { opened } = await inFormat(
      FRONT_MATTER_FORMAT,
      { 'a.md': file({ id: 'A-1', epic: 'Payments', depends_on: '[A-2]' }) },
      { folder: 'items' },
    );
    assert.deepEqual(allFindings(opened), { a: ['i danglingReference: dependency A-2'] });
  });

  it('let our own issues name others by number or id', async () => {
    folder().writeAll({
      'issues/000012_a.md': '# A\n',
      'issues/complete/000013_b.md': '# B\n',
      'issues/plain.md': '# Plain\n',
      'issues/000014_c.md': file({ parent: '000012_a', dependencies: '[12, "#13", 000013_b, plain, 99, nothing]' }),
      'issues/000015_d.md': file({ dependencies: '[14]' }),
    });
    const opened = await open();
    assert.deepEqual(allFindings(opened), { '000014_c': ['i danglingReference: dependency 99, dependency nothing'] });
    const { relations } = opened.store.catalogue;
    assert.deepEqual(relations.dependentsOf('complete/000013_b' as IssueKey), ['000014_c']);
    assert.deepEqual(relations.childrenOf('000012_a' as IssueKey), ['000014_c']);
    assert.deepEqual(relations.dependenciesOf('000015_d' as IssueKey), ['000014_c']);
  });

  const expectedFolder = join(CORPORA, 'expected');
  for (const name of existsSync(expectedFolder) ? readdirSync(expectedFolder) : []) {
    it(`find the ids that real stores have twice, as ${name} lists them`, async () => {
      const { duplicates } = JSON.parse(readFileSync(join(expectedFolder, name), 'utf8')) as {
        duplicates: Readonly<Record<string, readonly string[]>>;
      };
      const root = join(CORPORA, name.replace('.json', ''));
      const found: string[] = [];
      for (const workspace of readdirSync(root)) {
        for (const format of ALL_FORMATS.filter(({ keysOfId }) => keysOfId === undefined)) {
          for (const place of await format.detect(probeOf(join(root, workspace)))) {
            const { store } = await make({ ...byHand().options, format, place }, join(root, workspace)).open();
            for (const summary of store.catalogue.summaries()) {
              const shared = findingsOf(store.catalogue, summary).filter(({ kind }) => kind === 'sharedId');
              found.push(...shared.map(() => `${workspace}/${place.folder}/${summary.key}.md`));
            }
          }
        }
      }
      assert.deepEqual(found.sort(), Object.values(duplicates).flat().sort());
    });
  }
});
