import assert from 'node:assert/strict';
import { KIRO_FORMAT } from '../../../../src/core/formats/kiro.ts';
import { OPEN_SPEC_FORMAT } from '../../../../src/core/formats/openSpec.ts';
import { SPEC_KIT_FORMAT } from '../../../../src/core/formats/specKit.ts';
import { ONLY_TICKS, type StoreFormat } from '../../../../src/core/formats/storeFormat.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { describedIssues, probeOf } from '../../support/describedIssues.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const ALL: readonly StoreFormat<undefined>[] = [SPEC_KIT_FORMAT, OPEN_SPEC_FORMAT, KIRO_FORMAT];

function read(format: StoreFormat<undefined>, text: string, path = '001-add-login/tasks.md') {
  const description = format.describe(path, text, undefined);
  assert.ok(description);
  return description;
}

describe('checklists', () => {
  const folder = useTemporaryFolder();

  itReadsTheCorpora('spec-kit', SPEC_KIT_FORMAT);
  itReadsTheCorpora('openspec', OPEN_SPEC_FORMAT);
  itReadsTheCorpora('kiro', KIRO_FORMAT);

  for (const [format, plans, marker, other] of [
    [SPEC_KIT_FORMAT, 'specs', '.specify/memory/constitution.md', '.specify.md'],
    [OPEN_SPEC_FORMAT, 'openspec/changes', 'openspec/config.yaml', 'openspec/README.md'],
    [OPEN_SPEC_FORMAT, 'openspec/changes', 'openspec/project.md', 'openspec/project.txt'],
    [KIRO_FORMAT, '.kiro/specs', '.kiro/specs/a/tasks.md', '.kiro/steering/product.md'],
  ] as const) {
    it(`of ${format.label} are found by ${marker}`, async () => {
      folder().write(other);
      if (format !== KIRO_FORMAT) {
        folder().makeFolder(plans);
      }
      assert.deepEqual(await format.detect(probeOf(folder().path)), []);
      folder().remove(other);
      folder().write(marker);
      assert.deepEqual(await format.detect(probeOf(folder().path)), [{ folder: plans }]);
    });
  }

  it('are no store where there is no folder of plans', async () => {
    folder().writeAll({ '.specify/memory/constitution.md': '', 'openspec/config.yaml': '', '.kiro/steering/product.md': '' });
    for (const format of ALL) {
      assert.deepEqual(await format.detect(probeOf(folder().path)), [], format.label);
    }
  });

  it('are one issue for each tasks.md, and those in the archive are done', async () => {
    folder().writeAll({
      '.specify/memory/constitution.md': '',
      'specs/001-one/tasks.md': '- [ ] A\n',
      'specs/001-one/spec.md': '- [ ] A\n',
      'specs/001-one/contracts/tasks.md': '- [ ] A\n',
      'specs/001-two/tasks.md': '- [x] A\n- [ ] B\n',
      'specs/20260131-101500-three/tasks.md': '- [x] A\n',
      'specs/four/tasks.md': 'text\n',
      'specs/archive/tasks.md': '- [ ] A\n',
      'specs/archive/002-five/tasks.md': '- [ ] A\n',
      'specs/tasks.md': '- [ ] A\n',
    });
    const issues = await describedIssues(folder().path, SPEC_KIT_FORMAT);
    assert.deepEqual(
      issues.map(({ path, id, number, state }) => [path, id, number, state, SPEC_KIT_FORMAT.labelOf({ key: path as IssueKey, id })]),
      [
        ['specs/001-one/tasks.md', '001-one', 1, 'open', '001'],
        ['specs/001-two/tasks.md', '001-two', 1, 'active', '001'],
        ['specs/20260131-101500-three/tasks.md', '20260131-101500-three', undefined, 'done', undefined],
        ['specs/archive/002-five/tasks.md', '002-five', 2, 'done', '002'],
        ['specs/four/tasks.md', 'four', undefined, 'open', undefined],
      ],
    );
  });

  it('are only shown, but for their tasks', () => {
    assert.deepEqual(
      ALL.map(({ writes }) => writes),
      [ONLY_TICKS, ONLY_TICKS, ONLY_TICKS],
    );
  });

  for (const [format, text, title] of [
    [SPEC_KIT_FORMAT, '# Tasks: Add `login`\n', 'Add `login`'],
    [SPEC_KIT_FORMAT, '\ufeff---\r\ndescription: "Tasks"\r\n---\r\n\r\n# Tasks: Add login\r\n', 'Add login'],
    [SPEC_KIT_FORMAT, '# Tasks\n', '001-add-login'],
    [SPEC_KIT_FORMAT, '# Tasks of the day\n', 'Tasks of the day'],
    [SPEC_KIT_FORMAT, '```\n# Code\n```\n<!-- # Comment -->\n', '001-add-login'],
    [SPEC_KIT_FORMAT, 'Tasks: Add login\n================\n', 'Add login'],
    [OPEN_SPEC_FORMAT, '# Tasks: Add login\n', '001-add-login'],
    [KIRO_FORMAT, '# Implementation Plan: Add: login\n', 'Add: login'],
    [KIRO_FORMAT, '# 実装計画：ログイン\n', 'ログイン'],
    [KIRO_FORMAT, '# Implementation Plan\n', '001-add-login'],
    [KIRO_FORMAT, '# Implementation Plan:\n\n## Overview: more\n', '001-add-login'],
    [KIRO_FORMAT, '', '001-add-login'],
  ] as const) {
    it(`of ${format.label} that begin with ${JSON.stringify(text)} are called "${title}"`, () => {
      assert.equal(read(format, text).title, title);
    });
  }

  it('are called by their folder where nothing can be read, in the archive of OpenSpec without the day', () => {
    const path = 'archive/2026-01-31-add-login/tasks.md';
    assert.deepEqual(OPEN_SPEC_FORMAT.describeName(path, undefined), { id: '2026-01-31-add-login', title: 'add-login' });
    assert.deepEqual(SPEC_KIT_FORMAT.describeName('007-a/tasks.md', undefined), { id: '007-a', number: 7, title: '007-a' });
  });

  it('of spec-kit count its boxes, with those put off', () => {
    const text = [
      '- [X] T001 [P] One',
      '- [~] T002 Two',
      '- [ ] T003 Three',
      '- [P] no box',
      '<!--',
      '- [ ] T004',
      '-->',
      '```',
      '- [ ] T005',
      '```',
    ];
    assert.deepEqual(read(SPEC_KIT_FORMAT, text.join('\n')).progress, { done: 1, total: 3 });
  });

  it('of Kiro count tasks under way, and optional ones apart', () => {
    const text = [
      '- [x] 1. One',
      '  - [-] 1.1 Two',
      '    - _Requirements: 1.1_',
      '  - [ ]* 1.2 Optional',
      '  - [x]* 1.3 Optional',
      '- [ ]\\* 2. Optional',
      '- [x] 2.1* Optional',
      '- [-] 2.2\\* Optional',
      '- [ ] 3. *Three*',
      '- [ ]*no box*',
      '[ ]* no item',
      '',
      '```',
      '- [ ]* 4 code',
      '```',
    ];
    for (const lineEnd of ['\n', '\r\n']) {
      const { progress, fields } = read(KIRO_FORMAT, text.join(lineEnd));
      assert.deepEqual([progress, fields], [{ done: 1, total: 3 }, { optional: { done: 2, total: 5 } }]);
    }
    const key = 'a/tasks' as IssueKey;
    const optional = { done: 0, total: 3 };
    assert.equal(KIRO_FORMAT.stateOf({ key, fields: { optional }, progress: { done: 2, total: 2 } }, undefined), 'done');
  });

  it('of OpenSpec count every line that looks like a box', () => {
    const text = ['- [x] 1.1 One', '  * [X]Two', '-[ ] 1.3 Three', '```', '- [\t] four', '```', '+ [ ] no', '- [-] no', 'text - [ ] no'];
    for (const lineEnd of ['\n', '\r\n']) {
      assert.deepEqual(read(OPEN_SPEC_FORMAT, text.join(lineEnd)).progress, { done: 2, total: 4 });
    }
  });

  it('tell of conflict markers, and cope with whatever is left of a text', () => {
    const text = '---\na: b\n---\n# Tasks: A: b\n\n- [x] 1\n<<<<<<< ours\n- [ ]* 2\n=======\n- [ ] 3\n>>>>>>> theirs\n';
    for (const format of ALL) {
      assert.equal(read(format, text).hasConflict, true);
      for (let end = 0; end <= text.length; end++) {
        assert.ok(read(format, text.slice(end)).title);
        assert.ok(read(format, text.slice(0, end)).title);
      }
      for (const sign of ['#', '[', '- [', '- [ ]* ', '> ', '1.']) {
        assert.ok(read(format, `# Tasks: ${sign.repeat(100_000)}\n- [ ] ${sign.repeat(100_000)}`));
      }
    }
  });
});
