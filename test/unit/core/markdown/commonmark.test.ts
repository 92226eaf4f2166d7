import assert from 'node:assert/strict';
import { type Node, Parser } from 'commonmark';
import fc from 'fast-check';
import { outlineOf } from '../../../../src/core/markdown/issueMarkdown.ts';

/** What the title of a text is made from, as commonmark has read it. */
interface Shown {
  readonly kind: 'heading' | 'text' | 'code';
  readonly level: number;
  /** On which of the lines that are not blank it begins. */
  readonly line: number;
  readonly text: string;
}

/** The text that is seen of inline content, its line breaks kept. Tags stay, as do line breaks, which are all that is made up here. */
function inlineOf(node: Node): string {
  const parts: string[] = [];
  const walker = node.walker();
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { type, literal } = event.node;
    if (type === 'softbreak' || type === 'linebreak') {
      parts.push('\n');
    } else if (type === 'html_inline') {
      parts.push(literal === '<br>' ? ' ' : /^<[!?]/.test(literal ?? '') ? '' : (literal ?? ''));
    } else if (literal !== null) {
      parts.push(literal);
    }
  }
  return parts.join('');
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const firstLine = (text: string) => oneLine(text.split('\n').find((line) => line.trim() !== '') ?? '');

/** Whether the task box with which the text of an item begins, on the line of its marker, is checked; undefined where there is none. */
function taskOf(first: Node, source: readonly string[]): boolean | undefined {
  const { parent } = first;
  const isFirst = parent?.type === 'item' && parent.firstChild === first && first.sourcepos[0][0] === parent.sourcepos[0][0];
  if (!isFirst || !['paragraph', 'heading'].includes(first.type)) {
    return undefined;
  }
  const [line, column] = first.sourcepos[0];
  const box = /^\[([ xX])\](?:[ \t]|$)/.exec((source[line - 1] ?? '').slice(column - 1));
  return box === null ? undefined : box[1] !== ' ';
}

function expectedTasks(root: Node, source: readonly string[]): { done: number; total: number } {
  const boxes: boolean[] = [];
  const walker = root.walker();
  for (let event = walker.next(); event !== null; event = walker.next()) {
    boxes.push(...(event.entering ? [taskOf(event.node, source) ?? []].flat() : []));
  }
  return { done: boxes.filter((isDone) => isDone).length, total: boxes.length };
}

/** Everything that can be a title, in order. */
function shownOf(root: Node, source: readonly string[]): Shown[] {
  const shown: Shown[] = [];
  const walker = root.walker();
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { node, entering } = event;
    if (!entering || !['heading', 'paragraph', 'code_block'].includes(node.type)) {
      continue;
    }
    const start = node.sourcepos[0][0];
    const line = source.slice(0, start).filter((each) => each.trim() !== '').length;
    const inline = node.literal ?? inlineOf(node).slice(taskOf(node, source) === undefined ? 0 : '[ ]'.length);
    const text = node.type === 'heading' ? oneLine(inline) : firstLine(inline);
    const kind = node.type === 'code_block' ? 'code' : node.type === 'heading' && node.parent?.type === 'document' ? 'heading' : 'text';
    if (text !== '') {
      shown.push({ kind, level: node.level, line, text });
    }
  }
  return shown;
}

function expectedTitle(shown: readonly Shown[]): string | undefined {
  const heading = shown.findIndex(({ kind }) => kind === 'heading');
  const before = shown.slice(0, heading === -1 ? undefined : heading);
  const { level, line, text } = shown[heading] ?? { level: 0, line: 0, text: undefined };
  const beatsText = level === 1 && (line <= 3 || before.every(({ kind }) => kind === 'code'));
  return before.length === 0 || beatsText ? text : before[0]?.text;
}

function compare(text: string): void {
  // What begins like front matter is none there.
  const content = `\n${text}`;
  const source = content.split('\n');
  const root = new Parser().parse(content);
  const shown = shownOf(root, source);
  assert.equal(outlineOf(content).title, expectedTitle(shown));
  assert.deepEqual(outlineOf(content).progress, expectedTasks(root, source));
}

describe('an outline, beside what commonmark reads', () => {
  const blocks = [
    ...['# ', '## ', '- ', '1. ', '10) ', '> ', '  ', '    ', '\n', '\n', '\n\n', '===', '---', '***', '```\n', '~~~', '\t'],
    ...['[ ] ', '[x] ', 'word', 'more', ' '],
  ];
  const html = [
    ...['<pre>', '</pre>', '<script>', '</script>', '<style x="a">', '</style>', '<textarea', '<!-- c', '-->', '<!-->', '<?php', '?>'],
    ...['<!DOCTYPE', '<!', '<![CDATA[', ']]>', '>', '<div>', '</div>', '<details open', '<summary>', '<table ', '<h1>x</h1>', '<P\n'],
    ...['<x-y>', '</x-y>', '<x-y a="b" c>', "<x-y a='", '<x-y/>', '<x-y', '</x-y ', '<1>'],
  ];
  const inline = [
    ...['*', '**', '***', '*a*', '**b**', ' ', 'c', '.', '(', ')', '→', '登', '。', '`', '``', '\\', '&amp;', '&#35;', '&#x2A;', '&no;'],
    ...['<br>', '<!-- c -->', '<', '[', '](d)', '![', '](<e f> "g")', '<https://h.org>', '<i@j.org>', '<k>', '"', '-'],
  ];
  const textOf = (parts: readonly string[], maxLength: number) =>
    fc.array(fc.constantFrom(...parts), { maxLength }).map((all) => all.join(''));
  const numRuns = 3000;

  it('has the same title and task boxes in a text of all kinds of blocks', () => {
    fc.assert(fc.property(textOf([...blocks, ...blocks, ...html], 30), compare), { numRuns });
  });

  it('has the same title and task boxes in a text with a block of HTML', () => {
    const text = fc.tuple(textOf(blocks, 6), fc.constantFrom(...html), textOf([...blocks, ...html], 12)).map((parts) => parts.join(''));
    fc.assert(fc.property(text, compare), { numRuns });
  });

  it('has the same text in a heading', () => {
    fc.assert(
      // Behind a word a bracket stays, and so does what only looks like a heading's end.
      fc.property(textOf(inline, 14), (text) => compare(`# x ${text.replace(/([\w)\]])(?=\[)/g, '$1 ')} y`)),
      { numRuns },
    );
  });

  it('has the same first line of a paragraph', () => {
    const text = textOf([...inline, '\n'], 14).map((source) => source.replace(/([\w)\]])(?=\[)/g, '$1 '));
    fc.assert(
      fc.property(text, (source) => compare(`x ${source}`)),
      { numRuns },
    );
  });
});
