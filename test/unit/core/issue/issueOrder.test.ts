import assert from 'node:assert/strict';
import fc from 'fast-check';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import { compareIssues, type OrderedIssue } from '../../../../src/core/issue/issue.ts';
import { parseIssueId } from '../../../../src/core/issue/issueFileName.ts';
import { compareNaturally } from '../../../../src/core/issue/naturalOrder.ts';

describe('the order of names', () => {
  const lists: [what: string, names: string[]][] = [
    ['counts', ['task-1', 'task-2', 'task-10', 'task-100']],
    ['counts at the beginning', ['0-fix', '2-fix', '10-fix']],
    ['counts each number', ['v1.2', 'v1.10', 'v2.1', 'v10.0']],
    ['puts what is shorter first', ['task', 'task-', 'task-2', 'task-2b']],
    ['puts fewer zeros behind more where the numbers are equal', ['a007', 'a07', 'a7', 'a007b', 'a7b', 'a8']],
    ['counts beyond what a number can hold', [`a${'9'.repeat(30)}`, `a1${'0'.repeat(30)}`]],
    ['puts upper case first, whatever the language', ['B', 'Z', 'a', 'ä', '登']],
    ['puts digits between the signs around them', ['a-', 'a1', 'a10', 'a:', 'aA']],
    ['leaves ULIDs in the order of time', ['01K0VS9WJBQ90HN6CYZ83WX511', '01K13M176K23E2CRRSFYEYV4WM', '01K2799J63S304JD9Z6CKWZJ9F']],
    ['counts behind a ULID', ['01K0VS9WJBQ90HN6CYZ83WX51A-2', '01K0VS9WJBQ90HN6CYZ83WX51A-10']],
  ];
  for (const [what, names] of lists) {
    it(what, () => {
      assert.deepEqual(names.toReversed().sort(compareNaturally), names);
    });
  }

  const part = fc.constantFrom('0', '1', '2', '9', '10', '007', 'a', 'B', '-', '_', ':', 'é', '登', '😀');
  const name = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));

  it('is that of the parts that names are made of', () => {
    const partsOf = (text: string) => text.match(/\d+(?![\dA-Z])|[\s\S]/g) ?? [];
    const compareParts = (a: string, b: string) =>
      /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(BigInt(a) - BigInt(b)) : a.charCodeAt(0) - b.charCodeAt(0);
    const expected = (a: string, b: string) => {
      const [parts, others] = [partsOf(a), partsOf(b)];
      const different = parts.findIndex((each, index) => index >= others.length || compareParts(each, others[index] ?? '') !== 0);
      if (different === -1) {
        return parts.length < others.length ? -1 : a < b ? -1 : Number(a > b);
      }
      return different >= others.length ? 1 : Math.sign(compareParts(parts[different] ?? '', others[different] ?? ''));
    };
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.equal(Math.sign(compareNaturally(a, b)), expected(a, b), `${a}, ${b}`);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is total, and the same from both sides', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        const [ab, bc, ac] = [compareNaturally(a, b), compareNaturally(b, c), compareNaturally(a, c)].map(Math.sign);
        assert.equal(ab === 0, a === b);
        assert.equal(Math.sign(compareNaturally(b, a)), ab === 0 ? 0 : -(ab ?? 0));
        assert.ok(!(ab === bc && ab !== ac), `${a}, ${b}, ${c}`);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('the order of issues', () => {
  const issue = (id: string, completed = false): OrderedIssue => ({ ...parseIssueId(id), key: issueKey(id, completed) });

  it('is by number, then by name as people count, then active before completed', () => {
    const issues = [
      issue('000002'),
      issue('000010_a'),
      issue('000161_step-2'),
      issue('000161_step-10'),
      issue('task-2'),
      issue('task-2', true),
      issue('task-10'),
      issue('0000123'),
    ].sort(compareIssues);
    assert.deepEqual(
      issues.map(({ key }) => key as string),
      ['000002', '000010_a', '000161_step-2', '000161_step-10', '0000123', 'task-2', 'complete/task-2', 'task-10'],
    );
  });
});
