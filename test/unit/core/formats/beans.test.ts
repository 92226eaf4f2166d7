import assert from 'node:assert/strict';
import { BEANS_FORMAT } from '../../../../src/core/formats/beans.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { itReadsBrokenTexts } from '../../support/brokenIssueTexts.ts';
import { describedIssues, probeOf } from '../../support/describedIssues.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const BEAN = `---
# app-x7k2
title: 'Undo: take one step back'
status: in-progress
type: feature
priority: high
tags:
    - core
    - ui
created_at: 2026-01-31T14:30:00Z
updated_at: 2026-02-01T08:00:00Z
order: V
parent: app-0001
blocking:
    - app-0002
blocked_by:
    - app-0003
    - app-0004
---

Undo takes one step back.

- [x] One step
- [ ] All steps
`;

describe('the format of beans', () => {
  const folder = useTemporaryFolder();
  before(loadYaml);

  itReadsTheCorpora('beans', BEANS_FORMAT);
  itReadsBrokenTexts(BEANS_FORMAT, 'app-x7k2--undo.md', BEAN, undefined);

  const describeBean = (text: string, path = 'app-x7k2--undo-it.md') => {
    const description = BEANS_FORMAT.describe(path, text, undefined);
    assert(description !== undefined);
    return description;
  };

  it('finds the folder that the configuration names, else the usual one', async () => {
    const detect = () => BEANS_FORMAT.detect(probeOf(folder().path));
    folder().makeFolder('.beans');
    assert.deepEqual(await detect(), []);
    const folders = [
      ['', '.beans'],
      ['beans:\n  prefix: app-\n', '.beans'],
      ['beans:\r\n  path: work/beans/\r\n', 'work/beans'],
      ['beans:\n  path: .\n', ''],
      ['beans: none\n', '.beans'],
    ];
    for (const [config = '', place] of folders) {
      folder().write('.beans.yml', config);
      assert.deepEqual(await detect(), [{ folder: place, config: '.beans.yml' }], config);
    }
    for (const path of ['../beans', '/beans', '~/beans']) {
      folder().write('.beans.yml', `beans:\n  path: ${path}\n`);
      assert.deepEqual(await detect(), [], path);
    }
  });

  it('takes every markdown file below, except in folders that begin with a dot', async () => {
    folder().writeAll({
      '.beans.yml': '',
      '.beans/.gitignore': '',
      '.beans/.worktrees/app-1--a.md': '',
      '.beans/app-2--b.md': '---\nstatus: draft\n---\n',
      '.beans/app-3--c.txt': '',
      '.beans/archive/app-4--d.md': '---\nstatus: completed\n---\n',
      '.beans/epic/deep/app-5--e.md': '---\nstatus: scrapped\n---\n',
      '.beans/archive/app-6--f.md': '---\nstatus: todo\n---\n',
    });
    const issues = await describedIssues(folder().path, BEANS_FORMAT);
    assert.deepEqual(
      issues.map(({ id, title, state }) => [id, title, state]),
      [
        ['app-2', 'b', 'open'],
        ['app-4', 'd', 'done'],
        ['app-6', 'f', 'open'],
        ['app-5', 'e', 'dropped'],
      ],
    );
    assert(!BEANS_FORMAT.isIssueFile('.conversations/a.md', undefined));
    assert(!BEANS_FORMAT.isIssueFile('.md', undefined));
    assert(!BEANS_FORMAT.isIssueFile('.#app-1--a.md', undefined));
  });

  it('reads all fields of a bean', () => {
    assert.deepEqual(describeBean(BEAN), {
      id: 'app-x7k2',
      title: 'Undo: take one step back',
      fields: {
        status: 'in-progress',
        priority: 'high',
        type: 'feature',
        labels: ['core', 'ui'],
        parent: 'app-0001',
        dependencies: ['app-0003', 'app-0004'],
        blocks: ['app-0002'],
        created: Date.parse('2026-01-31T14:30Z'),
        updated: Date.parse('2026-02-01T08:00Z'),
        order: 'V',
      },
      progress: { done: 1, total: 2 },
      hasConflict: false,
    });
  });

  it('takes the id from the name as the tool does', () => {
    const ids = [
      ['app-x7k2--undo-it.md', 'app-x7k2', 'undo it'],
      ['archive/x7k2--a--b.md', 'x7k2', 'a b'],
      ['v1.2--undo.md', 'v1.2', 'undo'],
      ['x7k2.undo-it.md', 'x7k2', 'undo it'],
      ['app-x7k2.undo.md', 'app-x7k2', 'undo'],
      ['x7k2-undo-it.md', 'x7k2', 'undo it'],
      ['app-x7k2.md', 'app', 'x7k2'],
      ['x7k2.md', 'x7k2', 'x7k2'],
      ['x7k2--.md', 'x7k2', 'x7k2'],
      ['.x7k2.md', '.x7k2', '.x7k2'],
      ['-x.md', '-x', '-x'],
    ];
    for (const [path = '', id, title] of ids) {
      assert.deepEqual(BEANS_FORMAT.describeName(path, undefined), { id, title }, path);
      assert.deepEqual([describeBean('', path).id, describeBean('', path).title], [id, title], path);
    }
  });

  it('fills in no defaults, and takes a heading for the title only if there is no front matter', () => {
    assert.deepEqual(describeBean('---\ntitle: A\nstatus: todo\n---\n').fields, { status: 'todo' });
    assert.equal(describeBean('---\nstatus: todo\n---\n\n## Tasks\n').title, 'undo it');
    assert.equal(describeBean('# About these files\n').title, 'About these files');
  });

  it('tells what keeps the tool from reading the store', () => {
    const problemOf = (line: string) => describeBean(`---\ntitle: A\n${line}\n---\n`).problem;
    assert.deepEqual(problemOf('tags: core'), { line: 2, message: '“tags” must be a list.' });
    assert.deepEqual(problemOf('blocked_by: app-1'), { line: 2, message: '“blocked_by” must be a list.' });
    assert.deepEqual(problemOf('created_at: soon'), { line: 2, message: '“created_at” must be a time.' });
    assert.equal(problemOf('status: a: b')?.line, 2);
    assert.deepEqual(
      ['tags:', 'tags: []', 'updated_at:', 'updated_at: 2026-01-31T14:30:00.5+02:00'].map(problemOf),
      Array(4).fill(undefined),
    );
    assert.deepEqual(describeBean('---\ntags: core\nblocked_by: app-1\n---\n').fields, { labels: ['core'], dependencies: ['app-1'] });
  });

  it('takes the state from the status', () => {
    const stateOf = (status?: string) =>
      BEANS_FORMAT.stateOf(
        { key: 'archive/a' as IssueKey, fields: status === undefined ? {} : { status }, progress: undefined },
        undefined,
      );
    assert.deepEqual(['in-progress', 'todo', 'draft', 'completed', 'scrapped', 'else', undefined].map(stateOf), [
      'active',
      'open',
      'open',
      'done',
      'dropped',
      'open',
      'open',
    ]);
    assert.deepEqual(BEANS_FORMAT.knownStatuses?.(undefined), ['in-progress', 'todo', 'draft', 'completed', 'scrapped']);
  });

  it('tells that a configuration is no YAML', () => {
    assert.deepEqual(BEANS_FORMAT.readConfig('beans:\n  path: .beans\n'), { config: undefined });
    assert.deepEqual(BEANS_FORMAT.readConfig(undefined), { config: undefined });
    assert.notEqual(BEANS_FORMAT.readConfig('beans:\n  path: [a\n').problem, undefined);
  });
});
