import type { IssueSummary } from '../../src/core/issue/issue.ts';
import { FileSystemIssueStorage } from '../../src/core/storage/fileSystemIssueStorage.ts';
import { newStore, silentWatch } from '../cases/openStore.ts';
import { storeIn } from '../sampleStore.ts';

/**
 * What our own list costs as a process of its own, beside the peers, which are commands: one line for each issue.
 *
 *   node listAsProcess.mjs WORKSPACE           reads every file
 *   node listAsProcess.mjs WORKSPACE FOLDER    begins with the index that is kept in that folder, and compares every file's stat
 */
const [root = '', indexFolder] = process.argv.slice(2);
const summaries =
  indexFolder === undefined ? await new FileSystemIssueStorage({ folder: storeIn(root) }).listSummaries() : await indexed(indexFolder);
process.stdout.write(`${summaries.map(({ id, title, progress }) => `${id}\t${title}\t${progress.done}/${progress.total}`).join('\n')}\n`);

async function indexed(indexFolder: string): Promise<IssueSummary[]> {
  const store = newStore(root, {}, { indexFolder, watch: silentWatch });
  try {
    await store.open();
    return await store.listSummaries();
  } finally {
    store.dispose();
  }
}
