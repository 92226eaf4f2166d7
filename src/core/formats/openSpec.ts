import { checklistFormat, hasFolder } from './checklist.ts';

/** As the tool itself counts: on any line, in code blocks, too. */
const BOX = /^[^\S\n]*[-*][^\S\n]*\[([^\S\n]|[xX])\]/gm;

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
  countTasks: (text) => {
    const boxes = [...text.matchAll(BOX)];
    return { progress: { done: boxes.filter(([, mark = '']) => mark.trim() !== '').length, total: boxes.length } };
  },
});
