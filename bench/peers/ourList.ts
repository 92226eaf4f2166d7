import { NodeDisk } from '../../src/core/disk/nodeDisk.ts';
import { NUMBERED_FORMAT } from '../../src/core/formats/numbered.ts';
import { StoreSchema } from '../../src/core/formats/storeSchema.ts';
import type { IssueSummary } from '../../src/core/issue/issue.ts';
import { FileSystemIssueStorage } from '../../src/core/storage/fileSystemIssueStorage.ts';
import { newStore, silentWatch } from '../cases/openStore.ts';
import { storeIn } from '../sampleStore.ts';

/** One line for each issue. @param indexFolder see `listAsProcess.ts`. */
export async function list(root: string, indexFolder: string | undefined): Promise<void> {
  const summaries =
    indexFolder === undefined
      ? await new FileSystemIssueStorage({
          folder: storeIn(root),
          schema: new StoreSchema(NUMBERED_FORMAT),
          disk: new NodeDisk(),
        }).listSummaries()
      : await indexed(root, indexFolder);
  const lines = summaries.map(({ id, title, progress }) => `${id}\t${title}\t${progress?.done}/${progress?.total}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function indexed(root: string, indexFolder: string): Promise<IssueSummary[]> {
  const store = newStore(root, {}, { indexFolder, watch: silentWatch });
  try {
    await store.open();
    return await store.listSummaries();
  } finally {
    store.dispose();
  }
}
