import { grouped } from './figures.ts';
import type { SampleFormat } from './sampleStore.ts';

/** A case in a store of one size. */
export interface CaseAt {
  readonly name: string;
  readonly size: number;
  /** Default: our own. */
  readonly format?: SampleFormat;
}

interface RowBase {
  readonly section: string;
  /** What is done. */
  readonly title: string;
  readonly subject: CaseAt;
  /** How the README calls the row, if it quotes it. */
  readonly readme?: string;
}

/** How the times of two cases compare. */
export interface RatioRow extends RowBase {
  /** The best of them is what counts. */
  readonly references: readonly CaseAt[];
  /** The reference in words. */
  readonly against: string;
  /** `cost`: our time as a multiple of theirs, the less the better. `speed`: the other way round. */
  readonly as: 'cost' | 'speed';
  /** The ratio that this project demands of itself, if any: at most for a cost, at least for a speed. */
  readonly target?: number;
}

/** A figure of one case, by itself. */
export interface FigureRow extends RowBase {
  /** `block` and `millis` are milliseconds; anything else is what the case calls it. */
  readonly figure: string;
  /** The most that this project allows itself, if it says so. */
  readonly atMost?: number;
}

export type Row = RatioRow | FigureRow;

interface RowOptions {
  readonly sizes: readonly number[];
  /** Leaves out what takes long: peers, and reading from a cold disk. */
  readonly isQuick: boolean;
}

/** Issues in a batch, and in the loop that it is compared with. */
export const BATCH_SIZE = 1000;
/** Changes in a burst, in stores that have as many issues. */
export const BURST = 10_000;
/** A store in which nothing takes time. */
const SMALLEST = 100;
/** The store for which the README quotes ratios, and the smallest that has targets for costs. */
const QUOTED = 10_000;
const LARGEST = 100_000;
/** One frame; a first open of the largest store is allowed more. */
const LONGEST_BLOCK_MS = 16;
const LONGEST_BLOCK_OF_FIRST_OPEN_MS = 25;
/** Nobody waits for it, so nobody may feel it. */
const LONGEST_BLOCK_OF_READ_AHEAD_MS = 8;
/** The seed's own demand: how much faster a cached read is than an uncached one. */
const CACHED_AT_LEAST = 1.5;
/** Half a microsecond. */
const CACHED_MILLIS = 0.0005;
/** Both are waited for by a person who has chosen something. */
const [REGROUP_MILLIS, FIRST_ROWS_MILLIS] = [150, 50];
const OPERATIONS = ['create', 'get', 'update', 'complete'];

/** Formats of other tools, each with the size of the store for which it has targets. */
const OTHER_FORMATS = [
  { format: 'backlog', label: 'Backlog.md', size: QUOTED },
  { format: 'frontMatter', label: 'front matter', size: LARGEST },
] as const;

type RowsOf = (size: number, isQuick: boolean) => Row[];

/** A row whose cases are all in stores of one size and format. */
function compare(
  size: number,
  row: Omit<RatioRow, 'subject' | 'references' | 'section'> & { readonly subject: string; readonly references: readonly string[] },
  format?: SampleFormat,
): Omit<RatioRow, 'section'> {
  const at = (name: string): CaseAt => ({ name, size, ...(format && { format }) });
  return { ...row, subject: at(row.subject), references: row.references.map(at) };
}

/** What only a store of this size promises, or is quoted with. */
function only<T>(condition: boolean, what: T): T | Record<string, never> {
  return condition ? what : {};
}

function within(section: string, rows: readonly (Omit<RatioRow, 'section'> | Omit<FigureRow, 'section'>)[]): Row[] {
  return rows.map((row) => ({ ...row, section }) as Row);
}

/** The target of a cost, which applies to stores of 10 000 and more issues. */
function atMost(size: number, target: number): { readonly target?: number } {
  return only(size >= QUOTED, { target });
}

/** Shows that an operation on one issue costs about the same in the largest store as in a small one. Other stores have no such row. */
function againstSmall(
  size: number,
  { title, name, small, target }: { readonly title: string; readonly name: string; readonly small: number; readonly target: number },
): Omit<RatioRow, 'section'>[] {
  const against = `the same in a store of ${grouped(small)}`;
  const row = { title, subject: { name, size }, references: [{ name, size: small }], against, as: 'cost', target } as const;
  return size === LARGEST ? [row] : [];
}

function longestBlock(name: string, size: number): number {
  if (name === 'read ahead') {
    return LONGEST_BLOCK_OF_READ_AHEAD_MS;
  }
  return name === 'first open' && size === LARGEST ? LONGEST_BLOCK_OF_FIRST_OPEN_MS : LONGEST_BLOCK_MS;
}

function openRows(size: number, isQuick: boolean, mostOfFirstOpen = 2.5): Row[] {
  const quoted = (readme: string) => only(size === LARGEST, { readme });
  const first = { title: 'first open', subject: 'first open' };
  const cold = compare(size, {
    ...{ title: 'first open, cold', subject: 'first open, cold', as: 'cost', ...atMost(size, 1.8) },
    references: ['floor: read each, cold', 'floor: read 32 at a time, cold'],
    against: 'the better of reading one by one and 32 at a time, cold',
    ...quoted('first open from a cold disk, against reading every file'),
  });
  return within('Opening', [
    compare(size, {
      ...{
        ...first,
        references: ['floor: read each'],
        against: '`readdir` and reading each file, synchronous',
        as: 'cost',
        ...atMost(size, mostOfFirstOpen),
      },
      ...quoted('first open, against reading every file'),
    }),
    ...(isQuick ? [] : [cold]),
    compare(size, {
      ...{ title: 'later open', subject: 'later open', references: ['floor: stat each'], against: '`readdir` and stat of each file' },
      ...{ as: 'cost', ...atMost(size, 2.2), ...quoted('later open, against asking for every file’s stat') },
    }),
    compare(size, {
      ...{ title: 'later open, to the first rows', subject: 'first rows', references: ['floor: stat each'] },
      ...{ against: '`readdir` and stat of each file', as: 'cost', ...atMost(size, 0.3), ...quoted('the same to the first rows') },
    }),
  ]);
}

const listRows: RowsOf = (size) =>
  within('List', [
    compare(size, {
      ...{ title: 'list of summaries', subject: 'list of summaries', references: ['floor: readdir'], against: '`readdir`' },
      ...{ as: 'cost', ...atMost(size, 0.5), ...only(size === LARGEST, { readme: 'list, against `readdir`' }) },
    }),
  ]);

const getRows: RowsOf = (size) =>
  within('Get', [
    compare(size, {
      ...{
        title: 'cached get',
        subject: 'cached get',
        references: ['uncached get'],
        against: 'uncached get',
        as: 'speed',
        target: CACHED_AT_LEAST,
      },
      ...only(size === QUOTED, { readme: 'cached get, against the same without a cache' }),
    }),
    {
      title: 'cached get, time',
      subject: { name: 'cached get', size },
      figure: 'millis',
      ...only(size >= QUOTED, { atMost: CACHED_MILLIS }),
    },
    compare(size, {
      ...{ title: 'uncached get', subject: 'uncached get', references: ['floor: read one'] },
      ...{ against: 'open, stat, read and close, synchronous', as: 'cost', ...atMost(size, 35) },
    }),
    compare(size, {
      ...{ title: 'uncached get', subject: 'uncached get', references: ['seed: get'], against: 'seed', as: 'speed' },
      ...only(size === QUOTED, { readme: 'get, against the seed’s' }),
    }),
    ...againstSmall(size, { title: 'uncached get', name: 'uncached get', small: SMALLEST, target: 1.5 }),
  ]);

const changeRows: RowsOf = (size) => {
  const burst = { name: 'burst of changes', size };
  const title = `burst of ${grouped(Math.min(size, BURST))} changes`;
  const isWhole = size >= BURST;
  return within('Changes by others', [
    ...againstSmall(size, { title: 'one change, to the event', name: 'one change', small: BATCH_SIZE, target: 2 }),
    compare(size, {
      ...{ title: `${title}, from its end`, subject: burst.name, references: ['one reconcile'], against: 'one look at everything' },
      ...{ as: 'cost', ...only(isWhole, { target: 2 }) },
    }),
    { title: `${title}, events`, subject: burst, figure: 'events', ...only(isWhole, { atMost: 5 }) },
  ]);
};

const batchRows: RowsOf = (size) =>
  within(
    `Batch of ${BATCH_SIZE}`,
    OPERATIONS.flatMap((title) => [
      compare(size, {
        ...{
          title,
          subject: `batch ${title}`,
          references: [`floor: ${title}`],
          against: 'the cheapest way',
          as: 'cost',
          ...atMost(size, 3),
        },
        ...only(size === QUOTED, { readme: `batch of 1 000: ${title}, against the cheapest system calls` }),
      }),
      compare(size, {
        ...{ title, subject: `batch ${title}`, references: [`seed: ${title}`], against: 'seed’s loop, scaled up', as: 'speed' },
        ...only(size === QUOTED, { target: 100, readme: `batch of 1 000: ${title}, against the seed’s loop` }),
      }),
    ]),
  );

const searchRows: RowsOf = (size) =>
  within('Search', [
    compare(size, {
      ...{ title: 'search in texts', subject: 'search in texts', references: ['floor: scan the texts'] },
      ...{ against: 'reading each file and looking into it, synchronous', as: 'cost', ...atMost(size, 1.5) },
    }),
  ]);

/** What the tree does when a person groups and sorts in another way. Only issues with fields have groups. */
function arrangeRows(size: number): Row[] {
  return within('Group and sort', [
    {
      ...{ title: 'group by priority, sort by date', subject: { name: 'regroup', size }, figure: 'millis' },
      ...only(size === LARGEST, { atMost: REGROUP_MILLIS, readme: 'grouping and sorting 100 000 issues anew' }),
    },
    {
      ...{ title: 'the first rows after it', subject: { name: 'first rows of groups', size }, figure: 'millis' },
      ...only(size === LARGEST, { atMost: FIRST_ROWS_MILLIS }),
    },
    { title: 'longest block of the event loop', subject: { name: 'regroup', size }, figure: 'block', atMost: LONGEST_BLOCK_MS },
  ]);
}

const blockRows: RowsOf = (size, isQuick) =>
  within(
    'Longest block of the event loop',
    [
      ...['first open', 'later open', 'read ahead', 'uncached get', 'one change', 'burst of changes', 'one reconcile'],
      ...OPERATIONS.map((operation) => `batch ${operation}`),
      ...['search in texts', ...(isQuick ? [] : ['first open, cold'])],
    ].map((name) => ({
      title: name,
      subject: { name, size },
      figure: 'block',
      ...only(size >= QUOTED, { atMost: longestBlock(name, size) }),
    })),
  );

function memoryRows(size: number, mostMegabytes = 70): Row[] {
  return within('Memory', [
    {
      ...{ title: 'an open store beside its cache', subject: { name: 'memory', size }, figure: 'megabytes' },
      ...only(size === LARGEST, { atMost: mostMegabytes, readme: 'memory for 100 000 issues beside the cache' }),
    },
  ]);
}

/** Opening stores of other tools, whose issues have many fields, and keeping them open. */
const formatRows: RowsOf = (size, isQuick) =>
  OTHER_FORMATS.filter((other) => isQuick || other.size === size).flatMap(({ format, label }) => {
    const at = (each: CaseAt): CaseAt => ({ ...each, format });
    const blocks = blockRows(size, true).filter(({ title }) => title.endsWith(' open'));
    return [...openRows(size, true, 3), ...blocks, ...memoryRows(size, 100), ...arrangeRows(size)].map((row) => ({
      ...row,
      ...{ title: `${row.title}, ${label}`, subject: at(row.subject) },
      ...('references' in row && { references: row.references.map(at) }),
      ...(row.readme !== undefined && { readme: `${row.readme}, ${label}` }),
    }));
  });

const PEER_SIZES = [1000, QUOTED];

const PEERS: readonly { readonly peer: string; readonly target?: number; readonly format?: SampleFormat }[] = [
  // It lists the files that it lists itself.
  { peer: 'Backlog.md', target: 20, format: 'backlog' },
  { peer: 'taskwarrior', target: 1 },
  { peer: 'task-master' },
];
const OUR_LISTS = [
  {
    title: 'list, with an index',
    subject: 'list, a process with an index',
    readme: 'list as a process of its own, with an index',
    hasTarget: true,
  },
  { title: 'list, every file read', subject: 'list, a process', readme: 'the same, reading every file', hasTarget: false },
];

const peerRows: RowsOf = (size) =>
  within(
    'List as a process of its own',
    OUR_LISTS.flatMap(({ title, subject, hasTarget, readme }) =>
      PEERS.map(({ peer, target, format }) => {
        const against = format === undefined ? peer : `${peer} on the same files`;
        const quoted = only(size === QUOTED, { readme: `${readme}, against ${against}`, ...(hasTarget && target ? { target } : {}) });
        return compare(size, { title, subject, references: [`${peer}: list`], against, as: 'speed', ...quoted }, format);
      }),
    ),
  );

const productRows: RowsOf = (size) =>
  within('Product', [
    { title: 'activation, without the scan', subject: { name: 'activation', size }, figure: 'millis', atMost: 50, readme: 'activation' },
    { title: 'bundle for the extension host', subject: { name: 'host bundle', size }, figure: 'kilobytes', atMost: 200 },
    { title: 'VSIX', subject: { name: 'VSIX', size }, figure: 'kilobytes', atMost: 1000 },
  ]);

/** Every row, in the order of the report. */
export function rowsFor({ sizes, isQuick }: RowOptions): Row[] {
  const bySection: readonly RowsOf[] = [
    openRows,
    listRows,
    getRows,
    changeRows,
    batchRows,
    searchRows,
    blockRows,
    (size) => memoryRows(size),
    formatRows,
  ];
  return [
    ...bySection.flatMap((rows) => sizes.flatMap((size) => rows(size, isQuick))),
    ...(isQuick ? [] : PEER_SIZES.flatMap((size) => peerRows(size, isQuick))),
    ...productRows(SMALLEST, isQuick),
  ];
}

/** Every case that a row needs. */
export function casesOf(row: Row): readonly CaseAt[] {
  return 'references' in row ? [row.subject, ...row.references] : [row.subject];
}
