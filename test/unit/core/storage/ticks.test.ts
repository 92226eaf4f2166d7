import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ALL_FORMATS } from '../../../../src/core/formats/allFormats.ts';
import { KANBAN_MD_FORMAT } from '../../../../src/core/formats/kanbanMd.ts';
import { StoreSchema } from '../../../../src/core/formats/storeSchema.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import type { BatchIssueStorage } from '../../../../src/core/storage/issueStorage.ts';
import type { TickEdit } from '../../../../src/core/storage/issueStoragePort.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { fileStorage } from '../../support/storages.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const FILE = '000001_a.md';
const REF = { key: '000001_a' as IssueKey };

function tick(line: number, text: string, done = true): TickEdit {
  return { kind: 'tick', ref: REF, line, text, done };
}

/** The places where two files of the same length differ. */
function differences(a: Buffer, b: Buffer): number[] {
  assert.equal(a.length, b.length);
  return [...a.keys()].filter((index) => a[index] !== b[index]);
}

describe('a tick', () => {
  const folder = useTemporaryFolder();
  let disk: CountingDisk;
  let storage: BatchIssueStorage;

  beforeEach(() => {
    disk = new CountingDisk();
    storage = fileStorage({ folder: folder().path, disk });
  });

  for (const [what, content, line, text] of [
    ['in a plain text', '- [ ] a\n', 0, 'a'],
    ['with carriage returns', '# T\r\n\r\n- [ ] a\r\n- [ ] b\r\n', 3, 'b'],
    ['behind a byte order mark', '\ufeff- [ ] a\n', 0, 'a'],
    ['behind characters of several bytes and halves', '# é 漢 🎉\n- [ ] 👩‍👩‍👧 é\n', 1, '👩‍👩‍👧 é'],
    ['behind front matter', '---\ntitle: "[ ]"\n---\n* [ ] a', 3, 'a'],
  ] as const) {
    it(`${what} changes one byte, and its undo gives the old bytes`, async () => {
      folder().write(FILE, content, 0o640);
      const before = folder().bytes(FILE);
      const { issues, undo } = await storage.write([tick(line, text)]);
      const after = folder().bytes(FILE);
      const [place, ...others] = differences(before, after);
      assert.deepEqual([others, place === undefined ? undefined : String.fromCharCode(after[place] ?? 0)], [[], 'x']);
      assert.equal(issues[0]?.content, after.toString('utf8'));
      assert.equal(folder().mode(FILE), 0o640);
      await storage.write(undo);
      assert.deepEqual(folder().bytes(FILE), before);
    });
  }

  it('is taken away whatever the sign was, and a box that has one keeps it', async () => {
    folder().write(FILE, '- [X] a\n- [x] b\n');
    assert.deepEqual((await storage.write([tick(0, 'a'), tick(1, 'b')])).undo, []);
    assert.equal(folder().read(FILE), '- [X] a\n- [x] b\n');
    assert.deepEqual(disk.writes, []);
    await storage.write([tick(0, 'a', false)]);
    assert.equal(folder().read(FILE), '- [ ] a\n- [x] b\n');
  });

  it('finds its box in a text that has changed elsewhere, and in no other', async () => {
    folder().write(FILE, '# A\n- [ ] a\n- [ ] b\n');
    for (const changed of [
      '# A\nnew\n- [ ] a\n- [ ] b\n',
      '# A\n- [ ] a, too\n- [ ] b\n',
      '# A\n- a\n- [ ] b\n',
      '# A\n```\n- [ ] a\n```\n',
    ]) {
      folder().write(FILE, changed);
      await assert.rejects(storage.write([tick(1, 'a')]), {
        code: 'conflict',
        message: `${folder().join(FILE)} no longer has the task “a” on line 2. Nothing was written: read it again and repeat the change.`,
      });
      assert.equal(folder().read(FILE), changed);
    }
    folder().write(FILE, '# Another\n- [ ] a\nand more\n');
    await storage.write([tick(1, 'a and more')]);
    assert.equal(folder().read(FILE), '# Another\n- [x] a\nand more\n');
  });

  it('finds no other box of the same text, where it is said which one is meant', async () => {
    folder().write(FILE, 'New\nNew\n\n- [ ] a\n- b\n- [ ] a\n');
    await assert.rejects(storage.write([{ ...tick(3, 'a'), ordinal: 2 }]), { code: 'conflict' });
    await storage.write([{ ...tick(5, 'a'), ordinal: 2 }]);
    assert.equal(folder().read(FILE), 'New\nNew\n\n- [ ] a\n- b\n- [x] a\n');
  });

  it('can come with others for one file and several, all or nothing', async () => {
    folder().writeAll({ [FILE]: '- [ ] a\n- [x] b\n', '000002_b.md': '- [ ] c\n' });
    const before = folder().contents();
    const edits = [tick(0, 'a'), { ...tick(0, 'c'), ref: 2 }, tick(1, 'b', false)];
    await assert.rejects(storage.write([...edits, tick(7, 'none')]), { code: 'conflict' });
    assert.deepEqual(folder().contents(), before);
    const { issues, undo, changes } = await storage.write(edits);
    assert.deepEqual(folder().contents(), { [FILE]: '- [x] a\n- [ ] b\n', '000002_b.md': '- [x] c\n' });
    assert.deepEqual(
      issues.map(({ key }) => key),
      ['000001_a', '000002_b', '000001_a'],
    );
    assert.equal(changes.length, 2);
    await storage.write(undo);
    assert.deepEqual(folder().contents(), before);
    await assert.rejects(storage.write([tick(0, 'a'), { kind: 'complete', ref: REF }]), { code: 'ambiguous' });
  });

  it('is not undone after somebody has written to the file', async () => {
    folder().write(FILE, '- [ ] a\n');
    const { undo } = await storage.write([tick(0, 'a')]);
    folder().write(FILE, '- [x] a\nmore\n');
    await assert.rejects(storage.write(undo), { code: 'conflict', message: /has been changed since/ });
  });

  it('is refused by a file that is read-only or no text', async () => {
    folder().write(FILE, '- [ ] a\n', 0o444);
    await assert.rejects(storage.write([tick(0, 'a')]), { code: 'notWritable', message: /is read-only\. Nothing was written\.$/ });
    folder().remove(FILE);
    folder().write(FILE, Buffer.from('- [ ] a \xff\n', 'latin1'));
    await assert.rejects(storage.write([tick(0, 'a')]), { code: 'notText' });
  });

  it('in a random text changes one byte, and its undo gives the old bytes', async () => {
    const line = fc.record({
      mark: fc.constantFrom(' ', 'x', 'X'),
      text: fc.constantFrom('a', 'é', '🎉 party', '漢字', '**b**'),
      end: fc.constantFrom('\n', '\r\n', '\r'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), fc.boolean(), fc.nat(), async (lines, hasMark, choice) => {
        const content = (hasMark ? '\ufeff' : '') + lines.map(({ mark, text, end }) => `- [${mark}] ${text}${end}`).join('');
        folder().write(FILE, content);
        const before = folder().bytes(FILE);
        const index = choice % lines.length;
        const { mark = ' ', text = '' } = lines[index] ?? {};
        const { undo } = await storage.write([tick(index, text.replaceAll('*', ''), mark === ' ')]);
        const after = folder().bytes(FILE);
        assert.deepEqual(differences(before, after), [
          Buffer.byteLength(content.slice(0, content.indexOf(`[${mark}]`, placeOf(lines, index, hasMark)) + 1)),
        ]);
        await storage.write(undo);
        assert.deepEqual(folder().bytes(FILE), before);
      }),
      { numRuns: 60 },
    );
  });
});

function placeOf(
  lines: readonly { readonly mark: string; readonly text: string; readonly end: string }[],
  index: number,
  hasMark: boolean,
): number {
  return lines.slice(0, index).reduce((sum, { text, end }) => sum + 6 + text.length + end.length, hasMark ? 1 : 0);
}

describe('a tick in a store of another tool', () => {
  const folder = useTemporaryFolder();
  const BODY = '# Title\n\n- [ ] task\n';

  for (const [id, path, front, config] of [
    ['backlog', 'tasks/task-1 - A.md', 'id: TASK-1\ntitle: A\nstatus: To Do\n', undefined],
    ['beans', 'a-1234--b.md', '# a-1234\ntitle: A\nstatus: todo\n', undefined],
    ['scratch', 'f/issues/01-a.md', undefined, undefined],
    ['ticket', 'a-1234.md', 'id: a-1234\nstatus: open\ndeps: []\n', undefined],
    ['kanban-md', 'tasks/001-a.md', 'id: 1\ntitle: A\nstatus: todo\n', 'next_id: 2\ntasks_dir: tasks\n'],
    ['agent-kanban', 'tasks/task_20260101_abcdef_a.md', 'title: A\nlane: todo\n', undefined],
    ['kanban-markdown', 'a-2026-01-01.md', 'id: "a-2026-01-01"\nstatus: "todo"\n', undefined],
    ['frontMatter', 'a.md', 'title: A\n', undefined],
    ['spec-kit', '001-a/tasks.md', undefined, undefined],
    ['openspec', 'a/tasks.md', undefined, undefined],
    ['kiro', 'a/tasks.md', undefined, undefined],
  ] as const) {
    it(`changes one byte: ${id}`, async () => {
      const format = ALL_FORMATS.find((each) => each.id === id);
      assert.ok(format);
      const schema = new StoreSchema(format, config);
      const storage = fileStorage({ folder: folder().path, schema });
      const content = front === undefined ? BODY : `---\n${front}---\n${BODY}`;
      folder().write(path, content);
      const [issue] = await storage.listIssues();
      assert.ok(issue);
      const line = content.split('\n').indexOf('- [ ] task');
      const { undo } = await storage.write([{ kind: 'tick', ref: issue, line, text: 'task', done: true }]);
      assert.equal(folder().read(path), content.replace('[ ]', '[x]'));
      await storage.write(undo);
      assert.equal(folder().read(path), content);
    });
  }

  it('takes the sign of a task under way, and gives it back', async () => {
    const format = ALL_FORMATS.find(({ id }) => id === 'kiro');
    assert.ok(format);
    const storage = fileStorage({ folder: folder().path, schema: new StoreSchema(format) });
    folder().write('a/tasks.md', '- [-] 1. a\n  - [ ]* 1.1 b\n');
    const ref = { key: 'a/tasks' as IssueKey };
    const { undo } = await storage.write([
      { kind: 'tick', ref, line: 0, text: '1. a', done: true },
      { kind: 'tick', ref, line: 1, text: '1.1 b', done: true },
    ]);
    assert.equal(folder().read('a/tasks.md'), '- [x] 1. a\n  - [x]* 1.1 b\n');
    await storage.write(undo);
    assert.equal(folder().read('a/tasks.md'), '- [-] 1. a\n  - [ ]* 1.1 b\n');
  });

  it('is refused for a card of kanban-md that somebody has claimed, with the name', async () => {
    const storage = fileStorage({ folder: folder().path, schema: new StoreSchema(KANBAN_MD_FORMAT, undefined) });
    const content = '---\nid: 1\ntitle: A\nstatus: todo\nclaimed_by: agent-7\n---\n- [ ] task\n';
    folder().write('tasks/001-a.md', content, 0o444);
    const edit: TickEdit = { kind: 'tick', ref: { key: 'tasks/001-a' as IssueKey }, line: 6, text: 'task', done: true };
    await assert.rejects(storage.write([edit]), {
      code: 'notWritable',
      message: `${folder().join('tasks/001-a.md')} is claimed by agent-7 and read-only. Nothing was written.`,
    });
    assert.equal(folder().read('tasks/001-a.md'), content);
  });
});
