/**
 * What our own list costs as a process of its own, beside the peers, which are commands. It keeps its compiled code from one start to the
 * next, as an installed command would.
 *
 *   node listAsProcess.cjs WORKSPACE FORMAT           reads every file
 *   node listAsProcess.cjs WORKSPACE FORMAT FOLDER    begins with the index that is kept in that folder, and compares every file's stat
 */
import module from 'node:module';
import { join } from 'node:path';
import type { SampleFormat } from '../sampleStore.ts';

const [root = '', format, indexFolder] = process.argv.slice(2);
// Node 20 has no such cache.
module.enableCompileCache?.(join(__dirname, 'compiled'));
const { list } = require('./ourList.cjs') as typeof import('./ourList.ts');
void list({ root, format: format as SampleFormat }, indexFolder);
