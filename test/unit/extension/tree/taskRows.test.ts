import assert from 'node:assert/strict';
import type { IssueNode, TaskRowNode } from '../../../../src/extension/tree/issueNodes.ts';
import { TaskRows } from '../../../../src/extension/tree/taskRows.ts';

/** The row of an issue whose reads end when the test says so. */
function issueRow() {
  const reads: ((content: string | Error) => void)[] = [];
  const getIssue = () =>
    new Promise((resolve, reject) => {
      reads.push((content) => (content instanceof Error ? reject(content) : resolve({ content })));
    });
  const store = { format: {}, for: () => ({ getIssue }) };
  return { row: { kind: 'issue', source: { store }, summary: {} } as unknown as IssueNode, reads };
}

const texts = (rows: readonly TaskRowNode[]) => rows.map((row) => (row.kind === 'task' ? row.task.text : row.kind));

describe('the rows of tasks', () => {
  it('are those of the newest read, whichever ends first', async () => {
    const { row, reads } = issueRow();
    const rows = new TaskRows(() => assert.fail());
    const [older, newer] = [rows.below(row), rows.below(row)];
    reads[1]?.('- [ ] new\n');
    assert.deepEqual(texts(await newer), ['new']);
    reads[0]?.('- [ ] old\n');
    assert.deepEqual(texts(await older), ['new']);
    assert.deepEqual(texts(rows.shownBelow(row)), ['new']);
  });

  it('are the same nodes while their texts are there', async () => {
    const { row, reads } = issueRow();
    const rows = new TaskRows(() => assert.fail());
    const read = async (content: string) => {
      const below = rows.below(row);
      reads.shift()?.(content);
      return below;
    };
    const [, b] = await read('- [ ] a\n- [ ] b\n');
    const [fresh, kept] = await read('text\n\n- [ ] new\n- [x] b\n');
    assert.equal(kept, b);
    assert.ok(kept?.kind === 'task' && fresh?.kind === 'task');
    assert.deepEqual([kept.task.line, kept.task.done, fresh.task.text], [3, true, 'new']);
  });

  it('are none when the issue cannot be read, and who cares is told', async () => {
    const { row, reads } = issueRow();
    const errors: unknown[] = [];
    const rows = new TaskRows((error) => void errors.push(error));
    const below = rows.below(row);
    const failure = new Error('gone');
    reads[0]?.(failure);
    assert.deepEqual(await below, []);
    assert.deepEqual(errors, [failure]);
  });
});
