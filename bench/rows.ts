/** One line of the report: how much faster `subject` is than `reference`, per operation. */
export interface Row {
  readonly section: string;
  /** What is done. */
  readonly title: string;
  readonly size: number;
  /** A case's name. */
  readonly subject: string;
  readonly reference: string;
  /** The reference in words. */
  readonly against: string;
  /** The ratio that this project demands of itself, if any. */
  readonly demanded?: number;
}

/** Issues in a batch, and in the loop that it is compared with. */
export const BATCH_SIZE = 1000;

const SEED_SECTION = 'The seed’s benchmarks';
const CACHE_SECTION = 'Cache';
const BATCH_SEED_SECTION = `Batch of ${BATCH_SIZE} against the seed’s loop`;
const BATCH_LOOP_SECTION = `Batch of ${BATCH_SIZE} against a loop of our own single operations`;
const LIST_SECTION = 'List against the bare minimum';

/** How much faster the cache must make a get. */
const CACHE_DEMAND = 50;

function seedRows(size: number): Row[] {
  const row = (title: string, subject: string, reference: string): Row => ({
    section: SEED_SECTION,
    title,
    size,
    subject,
    reference,
    against: 'seed',
    demanded: 1,
  });
  // A list reads every file in either case, and ours learns more about each than the seed's: it cannot be ahead of a list
  // that does nothing but read.
  const synchronous = (row: Row): Row => {
    const { demanded: _, ...rest } = row;
    return { ...rest, reference: `${row.reference}, synchronous`, against: 'seed, reading synchronously' };
  };
  const get = row('get', 'get by number', 'seed get');
  const list = row('list', 'list', 'seed list');
  return [row('create', 'create', 'seed create'), get, synchronous(get), list, synchronous(list)];
}

function cacheRows(size: number): Row[] {
  const row = (title: string, subject: string, reference: string): Row => ({
    section: CACHE_SECTION,
    title,
    size,
    subject,
    reference,
    against: 'the same without a cache',
    demanded: CACHE_DEMAND,
  });
  return [
    row('cached get by number', 'cached get by number', 'get by number'),
    row('cached get by key', 'cached get by key', 'get by key'),
    row('cached get by key, through both meters', 'metered cached get by key', 'get by key'),
  ];
}

function batchSeedRows(size: number): Row[] {
  return ['create', 'get', 'update', 'complete'].map((title) => ({
    section: BATCH_SEED_SECTION,
    title,
    size,
    subject: `batch ${title}`,
    reference: `seed ${title}`,
    against: 'seed, scaled up',
    demanded: 1,
  }));
}

function batchLoopRows(size: number): Row[] {
  const row = (title: string, reference: string, against: string): Row => ({
    section: BATCH_LOOP_SECTION,
    title,
    size,
    subject: `batch ${title}`,
    reference,
    against,
    demanded: 1,
  });
  return [
    row('create', 'loop create', 'loop'),
    ...['get', 'update', 'complete'].flatMap((title) => [
      row(title, `loop ${title} by number`, 'loop by number'),
      row(title, `loop ${title} by key`, 'loop by key'),
    ]),
  ];
}

function listRow(size: number): Row {
  return {
    section: LIST_SECTION,
    title: 'list',
    size,
    subject: 'list',
    reference: 'bare list',
    against: '`readdirSync` and `readFileSync` of each',
  };
}

/** Every row, in the order of the report. A quick run leaves out the largest store. */
export function rowsFor(quick: boolean): Row[] {
  const sizes = quick ? [100, 1000] : [100, 1000, 10_000];
  const large = sizes.filter((size) => size >= BATCH_SIZE);
  return [
    ...sizes.flatMap(seedRows),
    ...large.flatMap(cacheRows),
    ...large.flatMap(batchSeedRows),
    ...large.flatMap(batchLoopRows),
    ...sizes.map(listRow),
  ];
}
