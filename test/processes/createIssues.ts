/**
 * Creates issues as a process of its own, for tests of what several do to one store at a time.
 *
 * Says that it is ready, begins when it gets a {@link CreateOrder}, and answers with the keys of what it has created.
 */
import { FileSystemIssueStorage } from '../../src/core/storage/fileSystemIssueStorage.ts';

export interface CreateOrder {
  readonly folder: string;
  readonly drafts: readonly { readonly name: string; readonly content: string }[];
  /** How many at a time go into one batch; one is a create of its own. */
  readonly atOnce: number;
}

export type CreateAnswer = { readonly ready: true } | { readonly keys: readonly string[] } | { readonly error: string };

async function create({ folder, drafts, atOnce }: CreateOrder): Promise<string[]> {
  const storage = new FileSystemIssueStorage({ folder });
  const keys: string[] = [];
  for (let index = 0; index < drafts.length; index += atOnce) {
    const { issues } = await storage.createIssuesBatch(drafts.slice(index, index + atOnce));
    keys.push(...issues.map(({ key }) => key));
  }
  return keys;
}

function say(answer: CreateAnswer): void {
  process.send?.(answer);
}

process.once('message', (order: CreateOrder) => {
  create(order)
    .then(
      (keys) => say({ keys }),
      (error: unknown) => say({ error: String(error) }),
    )
    .finally(() => process.disconnect());
});
say({ ready: true });
