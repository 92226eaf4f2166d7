import { checklistFormat, hasFolder } from './checklist.ts';
import { firstHeading } from './firstHeading.ts';

/** GitHub's spec-kit. Many projects have a folder `specs` of another kind, hence the marker. */
export const SPEC_KIT_FORMAT = checklistFormat({
  id: 'spec-kit',
  label: 'spec-kit',
  version: 1,
  detect: async (folder) =>
    (await hasFolder(folder, '', '.specify')) && (await hasFolder(folder, '', 'specs')) ? [{ folder: 'specs' }] : [],
  titleOf: (name, text) => firstHeading(text)?.replace(/^Tasks(?:\s*[:：]\s*|$)/i, '') || name,
  // Eight digits are a day.
  numberIn: (name) => /^\d{3,7}(?=-)/.exec(name)?.[0],
});
