import { checklistFormat, hasFolder } from './checklist.ts';
import { firstHeading } from './firstHeading.ts';

/** The specs of Amazon's Kiro. */
export const KIRO_FORMAT = checklistFormat({
  id: 'kiro',
  label: 'Kiro',
  version: 1,
  detect: async (folder) => ((await hasFolder(folder, '.kiro', 'specs')) ? [{ folder: '.kiro/specs' }] : []),
  // In front of the colon stands what kind of document it is, in the language of the project.
  titleOf: (name, text) => /[:：]\s*(.+)/.exec(firstHeading(text) ?? '')?.[1] ?? name,
});
