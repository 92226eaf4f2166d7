import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KIRO_FORMAT } from '../../../../src/core/formats/kiro.ts';
import { OPEN_SPEC_FORMAT } from '../../../../src/core/formats/openSpec.ts';
import { outlineOf } from '../../../../src/core/markdown/issueMarkdown.ts';
import type { BoxFinder } from '../../../../src/core/markdown/taskBoxes.ts';
import { allTasks, type IssueTask, tasksOf, withTick } from '../../../../src/core/markdown/taskBoxes.ts';

/** A task as `x text`, with those nested in it behind it. */
type Shown = string | readonly [string, ...Shown[]];

function shown({ done, text, isOptional, subtasks }: IssueTask): Shown {
  const task = `${done ? 'x' : '-'}${isOptional ? '?' : ''} ${text}`;
  return subtasks.length === 0 ? task : [task, ...subtasks.map(shown)];
}

const PIECES = [
  ...['- [ ] ', '- [x] ', '* [X] ', '1. [ ] ', '- ', '> ', '  ', '    ', '\t', '```', '~~~', '<!--', '-->', '# ', '---', '+++'],
  ...[
    'text',
    '**bold** ',
    '🎉',
    'é',
    '漢',
    '[ ]',
    '[x]',
    '\\',
    '\ufeff',
    '<<<<<<< a',
    '=======',
    '>>>>>>> b',
    '\n',
    '\n',
    '\n',
    '\r\n',
    '\r',
  ],
];
const anyText = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('the tasks of a text', () => {
  for (const [what, content, expected] of [
    ['are none without boxes', '# Title\n\n- item\n[ ] no item\n', []],
    ['are those of lists of all kinds', '- [ ] a\n* [x] b\n+ [X] c\n\n1. [ ] d\n2) [x] e\n', ['- a', 'x b', 'x c', '- d', 'x e']],
    ['are nested as their items are', '- [ ] a\n  - [x] b\n    - [ ] c\n  - [ ] d\n- [ ] e\n', [['- a', ['x b', '- c'], '- d'], '- e']],
    ['are nested in what has a box, whatever lies between', '- [ ] a\n  - b\n    > - [ ] c\n', [['- a', '- c']]],
    ['are nested in no item that is over', '- [ ] a\n- b\n  - [ ] c\n', ['- a', '- c']],
    ['are nested in no item that a paragraph has ended', '- [ ] a\n\ntext\n\n  - [ ] b\n', ['- a', '- b']],
    ['can be quoted', '> - [ ] a\n>   - [x] b\n', [['- a', 'x b']]],
    ['are none in code and comments', '```\n- [ ] a\n```\n\n    - [ ] b\n\n<!--\n- [ ] c\n-->\n- [ ] d\n', ['- d']],
    ['are none in front matter', '---\na: |\n  - [ ] a\n---\n- [ ] b\n', ['- b']],
    ['lose their markup', '- [ ] **Fix** `a_b` in [it](http://x)\n', ['- Fix a_b in it']],
    ['go over several lines', '- [ ] **Fix\n  it** now\nlazily\n\n  not this\n', ['- Fix it now lazily']],
    ['can be empty', '- [ ]\n- [x] \n', ['- ', 'x ']],
    ['are those of the first side of a conflict', '<<<<<<< a\n- [ ] a\n=======\n- [x] a\n>>>>>>> b\n- [ ] b\n', ['- a', '- b']],
  ] satisfies [string, string, Shown[]][]) {
    it(what, () => {
      assert.deepEqual(tasksOf(content).map(shown), expected);
    });
  }

  for (const [what, { boxes }, content, expected] of [
    [
      'of Kiro are those that are under way or optional, too',
      KIRO_FORMAT,
      '- [-] 1. a\n  - [x]* 1.1 b\n  - [ ] 1.2* c\n- [~] 2. d\n',
      [['- 1. a', 'x? 1.1 b', '-? 1.2* c'], '- 2. d'],
    ],
    [
      'of OpenSpec are those in code, too, nested by white space',
      OPEN_SPEC_FORMAT,
      '- [ ] 1. a\n  - [X] 1.1 b\n```\n* [x] c\n```\n',
      [['- 1. a', 'x 1.1 b'], 'x c'],
    ],
  ] satisfies [string, { boxes?: BoxFinder }, string, Shown[]][]) {
    it(what, () => {
      assert.deepEqual(tasksOf(content, boxes).map(shown), expected);
    });
  }

  it('say the line and the place of their boxes in the text as it is', () => {
    const content = '\ufeff---\r\ntitle: é\r\n---\r\n- [ ] 🎉 a\r\n\r- [x] 漢\n  - [X] c';
    const places = [...allTasks(tasksOf(content))].map(({ line, mark }) => [line, content.slice(mark - 3, mark + 2)]);
    assert.deepEqual(places, [
      [3, '- [ ]'],
      [5, '- [x]'],
      [6, '- [X]'],
    ]);
  });

  it('are not looked for in a text of megabytes', () => {
    assert.deepEqual(tasksOf('- [ ] a\n'.repeat(200_000)), []);
  });

  it('are as many, and as many done, as the outline counts, and each box is where it is said to be', () => {
    fc.assert(
      fc.property(anyText, (content) => {
        const tasks = [...allTasks(tasksOf(content))];
        const progress = { done: tasks.filter(({ done }) => done).length, total: tasks.length };
        assert.deepEqual(progress, outlineOf(content).progress);
        const lines = content.split(/\r\n|\r|\n/);
        for (const { line, mark, done } of tasks) {
          assert.match(content.slice(mark - 1, mark + 2), done ? /^\[[xX]\]$/ : /^\[ \]$/);
          const before = lines.slice(0, line + 1).join('');
          assert.ok(
            content
              .slice(0, mark)
              .split(/\r\n|\r|\n/)
              .join('').length <= before.length,
          );
          assert.equal(content.slice(0, mark).split(/\r\n|\r|\n/).length - 1, line);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are the same but for one that is ticked, and one character differs', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (content, index) => {
        const tasks = [...allTasks(tasksOf(content))];
        const task = tasks[index % Math.max(1, tasks.length)];
        if (task !== undefined) {
          const ticked = withTick(content, task, !task.done);
          assert.equal(ticked.slice(0, task.mark) + content[task.mark] + ticked.slice(task.mark + 1), content);
          const expected = tasks.map((each) => [each.line, each.mark, each.text, each === task ? !task.done : each.done]);
          assert.deepEqual(
            [...allTasks(tasksOf(ticked))].map(({ line, mark, text, done }) => [line, mark, text, done]),
            expected,
          );
        }
      }),
      { numRuns: 2000 },
    );
  });
});
