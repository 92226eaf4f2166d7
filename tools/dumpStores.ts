import { join, relative, sep } from 'node:path';
import { type FoundStore, IssueStore, type IssueSummary, NodeDisk, StoreSet } from '../src/core/index.ts';

/** The limits of cache and events do not matter here. */
const SETTINGS = { ttl: 1, maxSize: 1, coalescingWindow: 0 };

const [root = '', ...named] = process.argv.slice(2);
const disk = new NodeDisk();
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message: string) => console.error(message),
  error: (error: unknown) => console.error(error),
};

interface Opened {
  readonly store: IssueStore;
  readonly found: FoundStore;
  readonly opening: Promise<void>;
  dispose(): void;
}

function open(found: FoundStore): Opened {
  const { format, place } = found;
  const store = new IssueStore({ root, format, ...(place && { place }), settings: SETTINGS, disk, logger });
  const opening = store.open().then(() => set.follow());
  return { store, found, opening, dispose: () => store.dispose() };
}

/** All that is known of an issue, under the names that other trackers have for it. */
function lineOf({ store, found }: Opened, issue: IssueSummary): Record<string, unknown> {
  const { fields, id, number, title, state, progress, problem, textProblem, hasConflict } = issue;
  const path = relative(root, store.filePathOf(issue)).split(sep).join('/');
  return {
    store: relative(root, store.folder ?? '')
      .split(sep)
      .join('/'),
    ...{ format: found.format.id, path, id, number: number ?? null, title, state },
    statusRaw: fields.status ?? null,
    priority: fields.priority ?? null,
    labels: fields.labels ?? [],
    assignees: fields.assignees ?? [],
    type: fields.type ?? null,
    parent: fields.parent ?? null,
    dependencies: fields.dependencies ?? [],
    blocks: fields.blocks ?? [],
    links: fields.links ?? [],
    milestone: fields.milestone ?? null,
    created: dateOf(fields.created),
    updated: dateOf(fields.updated),
    due: fields.due ?? null,
    progress: progress ?? null,
    optional: fields.optional ?? { done: 0, total: 0 },
    archived: fields.archived ?? false,
    readOnly: Object.values(found.format.writes).every((can) => can === false || (Array.isArray(can) && can.length === 0)),
    problem: problem?.message ?? textProblem ?? null,
    hasConflict: hasConflict ?? false,
  };
}

function dateOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

const set: StoreSet<Opened> = new StoreSet<Opened>({
  ...{ root, disk, logger },
  settings: { stores: [...named.map((folder) => ({ folder })), 'auto'], ignoredFormats: [], hasUsual: true },
  open,
  onDidChange: () => undefined,
});
await set.found;
for (let count = -1; count !== set.opened.length; ) {
  count = set.opened.length;
  await Promise.all(set.opened.map(({ opening }) => opening));
}
for (const opened of set.all) {
  const { failure } = opened.store;
  if (failure !== undefined) {
    console.error(`${opened.store.folder ?? join(root, 'issues')}: ${failure.message}`);
  }
  for (const issue of opened.store.catalogue.summaries()) {
    process.stdout.write(`${JSON.stringify(lineOf(opened, issue))}\n`);
  }
}
// What a store has under way behind its disposal is not waited for.
process.stdout.write('', () => process.exit());
