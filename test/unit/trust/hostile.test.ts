import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import fc from 'fast-check';
import type { Disk } from '../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../src/core/disk/nodeDisk.ts';
import type { IssueKey, IssueRef } from '../../../src/core/issue/issue.ts';
import { IssueError } from '../../../src/core/issue/issueErrors.ts';
import { MAX_NAME_LENGTH, parseIssueId, sanitizeIssueName } from '../../../src/core/issue/issueFileName.ts';
import type { BatchIssueStorage } from '../../../src/core/storage/issueStorage.ts';
import { fileStorage } from '../support/storages.ts';
import { type TemporaryFolder, useTemporaryFolder } from '../support/temporaryFolder.ts';
import { scaled, TRUST_TIMEOUT_MS } from './scale.ts';

const RUNS = scaled(40, 1_000);

/** What a hostile or careless name is put together from. */
const PIECES = [
  ...[
    '..',
    '.',
    '/',
    '\\',
    '../',
    '..\\',
    './',
    'complete',
    'complete/',
    '.md',
    '.tmp',
    '~',
    '#',
    '-',
    ' ',
    ':',
    '%2e%2e%2f',
    '$HOME',
    '`id`',
  ],
  ...['\0', '\n', '\r', '\t', '\u001b[2J', '\u007f', '\u0085', '\u2028', '\u202e', '\u200f', '\u200b', '\ufeff', '\u00a0', '\ufffd'],
  ...[
    '🎉',
    '👩‍👩‍👧',
    'é',
    'e\u0301',
    '漢',
    '\ud800',
    '\udc00',
    'CON',
    'con.txt',
    'NUL',
    'lpt1',
    'com¹',
    'aux.',
    'x',
    'a',
    'b',
    'canary',
    'store',
    'sub',
  ],
  ...['000001', '000002_b', '1', '999999_', 'C:\\', '//server/share', 'file:///etc/passwd', '/etc/passwd'],
] as const;

const KNOWN = [
  ...[
    '',
    '.',
    '..',
    '.md',
    '..md',
    'complete',
    'complete/',
    'complete.md',
    'complete/complete',
    'complete/../canary',
    '../canary',
    '../canary.md',
  ],
  ...[
    'sub/other',
    'sub/other.md',
    'complete/sub/other',
    'complete/sub/other.md',
    'complete/../../canary.md',
    '/canary',
    'a/b',
    './000001_a',
  ],
  ...[
    '..\\canary.md',
    '000001_a.md/../../canary.md',
    '../store/000001_a',
    'canary\0.md',
    '../canary.md\0',
    '#1',
    '1',
    '2',
    '000001_a',
    'notes',
  ],
] as const;

const hostileName = fc.oneof(
  fc.constantFrom(...KNOWN),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 10 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(...PIECES).map((piece) => piece.repeat(5_000).slice(0, 5_000)),
);

/** Every way to name an issue with such a text, and with a key that somebody made up. */
const hostileRef: fc.Arbitrary<IssueRef> = fc.oneof(
  hostileName,
  hostileName.map((key) => ({ key: key as IssueKey })),
  fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 0),
);

/** Nothing in the store's two folders has to do with these. */
const CANARIES = {
  'canary.md': 'canary',
  'x.md': 'outside',
  'sub/other.md': 'outside, below',
  'complete/000001_a.md': 'a folder with that name outside',
  'store/sub/other.md': 'a folder of somebody else',
  'store/a/b.md': 'one more',
  'store/complete/sub/other.md': 'one below the completed ones',
  'store/not-an-issue.txt': 'text',
};
const ISSUES = {
  'store/000001_a.md': '# A\n',
  'store/000002_b.md': '# B\n',
  'store/notes.md': '# Notes\n',
  'store/complete/000003_c.md': '# C\n',
};

/** The machine's disk, and everyone who sees a path that it is called with. */
function spyingDisk(see: (path: string) => void): Disk {
  return new Proxy(new NodeDisk(), {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member !== 'function'
        ? member
        : (...args: unknown[]) => {
            args.filter((each) => typeof each === 'string').forEach(see);
            return member.apply(target, args);
          };
    },
  });
}

/** Undefined where the operation was refused; anything but a refusal that is made for people is a defect. */
async function outcome<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    assert.ok(error instanceof IssueError, `not an error for people: ${String(error)}`);
    return undefined;
  }
}

describe('hostile names', function () {
  this.timeout(TRUST_TIMEOUT_MS);
  const folder = useTemporaryFolder();

  /** Does something to a new store, and fails if that reached anything outside its two folders. */
  async function confined(act: (storage: BatchIssueStorage, store: string) => Promise<void>): Promise<void> {
    folder().remove('');
    folder().writeAll({ ...CANARIES, ...ISSUES });
    const store = folder().join('store');
    const folders = [store, join(store, 'complete')];
    const outside = new Set<string>();
    const disk = spyingDisk((path) => {
      if (!folders.includes(path) && (normalize(path) !== path || !folders.includes(dirname(path)) || path.includes('\0'))) {
        outside.add(path);
      }
    });
    await act(fileStorage({ folder: store, disk }), store);
    assert.deepEqual([...outside], [], 'paths outside of the two folders');
    const after = folder().contents();
    const isIssue = (path: string) => /^store\/(complete\/)?[^/]+\.md$/.test(path);
    assert.deepEqual(Object.fromEntries(Object.entries(after).filter(([path]) => !isIssue(path))), CANARIES);
  }

  function assertFit(store: string, id: string, name: string, filePath: string): void {
    assert.equal(filePath, join(store, `${id}.md`));
    assert.equal(dirname(filePath), store);
    assert.ok(existsSync(filePath));
    assert.equal(sanitizeIssueName(name), name);
    assert.ok([...name].length <= MAX_NAME_LENGTH);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    assert.doesNotMatch(id, /[\u0000-\u001f\u007f-\u009f/\\:*?"<>|\p{Surrogate}]/u);
  }

  it('of new issues are refused or made fit', async () => {
    await fc.assert(
      fc.asyncProperty(hostileName, fc.boolean(), async (name, inBatch) => {
        await confined(async (storage, store) => {
          const creating = inBatch
            ? storage.createIssuesBatch([{ name, content: 'new' }]).then(({ issues }) => issues[0])
            : storage.createIssue(name, 'new');
          const issue = await outcome(creating);
          assert.equal(Object.keys(folder().contents()).length, Object.keys({ ...CANARIES, ...ISSUES }).length + (issue ? 1 : 0));
          if (issue !== undefined) {
            assert.equal(issue.number, 4);
            assertFit(store, issue.id, issue.name, join(store, `${issue.key}.md`));
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('of renamed issues are refused or made fit', async () => {
    await fc.assert(
      fc.asyncProperty(hostileName, fc.constantFrom('000001_a', 'notes'), async (name, ref) => {
        await confined(async (storage, store) => {
          const issue = await outcome(storage.rename(ref, name));
          assert.equal(Object.keys(folder().contents()).length, Object.keys({ ...CANARIES, ...ISSUES }).length);
          if (issue !== undefined) {
            const { number } = parseIssueId(ref);
            assertFit(store, issue.id, number === undefined ? issue.id : issue.name, join(store, `${issue.key}.md`));
            assert.equal(issue.content, ref === 'notes' ? '# Notes\n' : '# A\n');
          } else {
            assert.deepEqual(folder().contents(), { ...CANARIES, ...ISSUES });
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  const operations: Record<string, (storage: BatchIssueStorage, ref: IssueRef) => Promise<unknown>> = {
    get: (storage, ref) => storage.getIssue(ref),
    update: (storage, ref) => storage.updateIssue(ref, 'replaced'),
    delete: (storage, ref) => storage.deleteIssue(ref),
    complete: (storage, ref) => storage.markComplete(ref),
    reopen: (storage, ref) => storage.reopen(ref),
    rename: (storage, ref) => storage.rename(ref, 'renamed'),
    'batch of gets': (storage, ref) => storage.getIssuesBatch([ref]),
    'batch of updates': (storage, ref) => storage.updateIssuesBatch([{ ref, content: 'replaced' }]),
    'batch of deletes': (storage, ref) => storage.deleteIssuesBatch([ref]),
  };

  it('as references reach nothing outside of the two folders', async () => {
    for (const ref of KNOWN.flatMap((text) => [text, { key: text as IssueKey }])) {
      await confined(async (storage) => {
        for (const operate of Object.values(operations)) {
          await outcome(operate(storage, ref));
        }
      });
    }
    await fc.assert(
      fc.asyncProperty(hostileRef, fc.constantFrom(...Object.keys(operations)), async (ref, operation) => {
        await confined(async (storage) => void (await outcome(operations[operation]?.(storage, ref) ?? assert.fail())));
      }),
      { numRuns: RUNS },
    );
  });
});

/** Bytes as they come from any program: pieces of text, of other encodings, and noise. */
const hostileBytes = fc
  .array(
    fc.oneof(
      fc
        .constantFrom(
          '\ufeff',
          '\r\n',
          '\n',
          '\r',
          '\0',
          '```',
          '~~~~\n',
          '# Title',
          '- [ ] task\n',
          '- [x] done\r\n',
          '---\n',
          '🎉',
          '\u2028',
          '<!--',
        )
        .map((text) => Buffer.from(text)),
      fc.constantFrom([0xff, 0xfe], [0xe9], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f]).map((bytes) => Buffer.from(bytes)),
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => Buffer.from(text)),
      fc.integer({ min: 1, max: 300_000 }).map((length) => Buffer.alloc(length, 'long ')),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => Buffer.concat(pieces));
const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const anyBytes = fc.oneof({ weight: 4, arbitrary: hostileBytes }, { weight: 1, arbitrary: noise });

describe('hostile contents', function () {
  this.timeout(TRUST_TIMEOUT_MS);
  const folder = useTemporaryFolder();
  const MODE = 0o755;

  /** Bytes and mode of the one issue, wherever it is by now. */
  function assertHolds(path: string, bytes: Buffer): void {
    assert.ok(folder().bytes(path).equals(bytes), `${path} holds other bytes`);
    if (process.platform !== 'win32') {
      assert.equal(folder().mode(path), MODE);
    }
    assert.equal(Object.keys(folder().contents()).length, 1);
  }

  function put(files: TemporaryFolder, bytes: Buffer): BatchIssueStorage {
    files.remove('');
    files.write('000001_a.md', bytes, MODE);
    return fileStorage({ folder: files.path });
  }

  it('are listed, and keep every byte through an update, a rename and a move', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBytes.filter((bytes) => isUtf8(bytes)),
        fc.constantFrom('suffix', '\r\n', '\0', '🎉'),
        async (bytes, suffix) => {
          const storage = put(folder(), bytes);
          const [listed] = await storage.listIssues();
          const [summary] = await storage.listSummaries();
          assert.equal(listed?.problem, undefined);
          assert.equal(summary?.size, bytes.length);
          const { content, version } = await storage.getIssue(1);
          assert.ok(Buffer.from(content).equals(bytes));
          await storage.updateIssue(1, content + suffix, { expectedVersion: version });
          const longer = Buffer.concat([bytes, Buffer.from(suffix)]);
          assertHolds('000001_a.md', longer);
          await storage.rename(1, 'b');
          await storage.markComplete(1);
          assertHolds('complete/000001_b.md', longer);
          const { undo } = await storage.deleteIssuesBatch([1]);
          await storage.write(undo);
          assertHolds('complete/000001_b.md', longer);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('that are not UTF-8 are listed as such and never written by those who have only read them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(anyBytes, noise), async ([start, end]) => {
        const bytes = Buffer.concat([start, Buffer.from([0xff]), end]);
        const storage = put(folder(), bytes);
        const [listed] = await storage.listIssues();
        assert.equal(listed?.problem?.code, 'notText');
        assert.equal((await storage.listSummaries())[0]?.size, bytes.length);
        const { content = '', version = '' } = listed ?? {};
        await assert.rejects(storage.getIssue(1), { name: 'IssueError', code: 'notText', message: /000001_a\.md is not UTF-8/ });
        await assert.rejects(storage.updateIssue(1, `${content}suffix`, { expectedVersion: version }), { code: 'conflict' });
        await assert.rejects(storage.rename(1, 'b'), { code: 'notText' });
        await assert.rejects(storage.markCompleteBatch([1]), { code: 'notText' });
        assertHolds('000001_a.md', bytes);
        const { undo } = await storage.updateIssuesBatch([{ ref: 1, content: 'text' }]);
        await storage.write(undo);
        assertHolds('000001_a.md', bytes);
      }),
      { numRuns: RUNS },
    );
  });
});
