import { newStore, silentWatch } from '../cases/openStore.ts';
import type { Workspace } from '../sampleStore.ts';

/** One line for each issue. @param indexFolder see `listAsProcess.ts`. */
export async function list(workspace: Workspace, indexFolder: string | undefined): Promise<void> {
  const store = newStore(workspace, {}, { indexFolder, watch: silentWatch });
  await store.open();
  const summaries = await store.listSummaries();
  store.dispose();
  const lines = summaries.map(({ id, title, progress }) => `${id}\t${title}\t${progress?.done}/${progress?.total}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}
