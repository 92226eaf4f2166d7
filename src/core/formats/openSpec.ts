import type { TaskBox } from '../markdown/taskBoxes.ts';
import { checklistFormat, hasFolder } from './checklist.ts';

/** As the tool itself counts: on any line, in code blocks, too. */
const BOX = /^([^\S\n]*)[-*][^\S\n]*\[([^\S\n]|[xX])\](.*)$/gm;

/** Fission-AI's OpenSpec. */
export const OPEN_SPEC_FORMAT = checklistFormat({
  id: 'openspec',
  label: 'OpenSpec',
  version: 1,
  detect: async (folder) => {
    const entries = await folder.list('openspec');
    const isOpenSpec = entries.some(({ name, kind }) => kind === 'file' && (name === 'project.md' || name === 'config.yaml'));
    return isOpenSpec && (await hasFolder(folder, 'openspec', 'changes')) ? [{ folder: 'openspec/changes' }] : [];
  },
  // The tool puts the day in front of the name when it archives a change.
  titleOf: (name) => name.replace(/^\d{4}-\d{2}-\d{2}-(?=.)/, ''),
  boxes,
});

/** Nested by the white space in front of them. */
function* boxes(text: string): Generator<TaskBox> {
  const open: { readonly box: TaskBox; readonly indent: number }[] = [];
  for (const { 0: line, 1: { length: indent } = '', 2: mark = '', 3: source = '', index } of text.matchAll(BOX)) {
    while ((open.at(-1)?.indent ?? -1) >= indent) {
      open.pop();
    }
    const behind = index + line.length - source.length;
    const box = { mark: behind - 2, done: mark.trim() !== '', source, parent: open.at(-1)?.box };
    open.push({ box, indent });
    yield box;
  }
}
