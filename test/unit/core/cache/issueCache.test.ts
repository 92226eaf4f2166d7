import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IssueCache, type IssueCacheOptions, LARGEST_MAX_SIZE } from '../../../../src/core/cache/issueCache.ts';
import { issueKey } from '../../../../src/core/formats/numberedLayout.ts';
import type { Issue, IssueKey } from '../../../../src/core/issue/issue.ts';
import { NO_FIELDS } from '../../../../src/core/issue/issueFields.ts';
import { ManualClock } from '../metrics/manualClock.ts';

function issue(id: string, content = `Text of ${id}`, completed = false): Issue {
  const key = issueKey(id, completed);
  return {
    key,
    id,
    name: id,
    title: id,
    state: completed ? 'done' : 'open',
    fields: NO_FIELDS,
    createdAt: 0,
    modifiedAt: 0,
    version: content,
    content,
  };
}

const key = (id: string) => issueKey(id, false);

const NOTHING = {
  ...{ hits: 0, misses: 0, hitRate: 0, revalidated: 0, readAhead: 0, readAheadUsed: 0, evictions: 0, expirations: 0 },
  ...{ size: 0, maxSize: 1000, bytes: 0, maxBytes: 64 * 1024 * 1024 },
};

function cacheWithClock(options: Omit<IssueCacheOptions, 'clock'> = {}, startAt = 0) {
  const clock = new ManualClock(startAt);
  return { cache: new IssueCache({ ...options, clock }), clock };
}

function issueIn(cache: IssueCache, id: string): Issue {
  const found = cache.peek(key(id));
  assert.ok(found !== undefined);
  return found;
}

/** The ids that are in the cache, without touching their order or the figures. */
function kept(cache: IssueCache, ids: Iterable<string>): string[] {
  return [...ids].filter((id) => cache.accessCount(key(id)) !== undefined);
}

describe('IssueCache', () => {
  describe('options', () => {
    it('defaults to five minutes and 1000 issues', () => {
      const cache = new IssueCache();
      assert.equal(cache.ttl, 300_000);
      assert.equal(cache.maxSize, 1000);
      assert.deepEqual(cache.stats(), NOTHING);
    });

    it('refuses a time to live that is not a positive finite number', () => {
      for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        assert.throws(() => new IssueCache({ ttl }), RangeError, String(ttl));
      }
    });

    it('refuses a size that is not a positive whole number, or is beyond reason', () => {
      for (const maxSize of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, LARGEST_MAX_SIZE + 1]) {
        assert.throws(() => new IssueCache({ maxSize }), RangeError, String(maxSize));
      }
      for (const maxBytes of [0, -1, 1.5, Number.NaN]) {
        assert.throws(() => new IssueCache({ maxBytes }), RangeError, String(maxBytes));
      }
    });

    it('takes a fraction of a millisecond as a whole one', () => {
      assert.equal(new IssueCache({ ttl: 0.5 }).ttl, 1);
    });
  });

  describe('get and put', () => {
    it('answers with the very issue that was put', () => {
      const { cache } = cacheWithClock();
      const a = issue('a');
      cache.put(a);
      assert.equal(cache.get(key('a')), a);
      assert.equal(cache.get(key('b')), undefined);
    });

    it('tells issues with one id in two folders apart', () => {
      const { cache } = cacheWithClock();
      const active = issue('a', 'active');
      const complete = issue('a', 'complete', true);
      cache.put(active);
      cache.put(complete);
      assert.equal(cache.get(active.key), active);
      assert.equal(cache.get(complete.key), complete);
    });

    it('caches an empty file', () => {
      const { cache } = cacheWithClock();
      cache.put(issue('a', ''));
      assert.equal(cache.get(key('a'))?.content, '');
    });

    it('never keeps an issue whose text could not be read, nor an earlier version of it', () => {
      const { cache } = cacheWithClock();
      cache.put(issue('a'));
      cache.put({ ...issue('a', ''), problem: { code: 'unreadable', message: 'No right to read it.' } });
      assert.equal(cache.get(key('a')), undefined);
      assert.equal(cache.stats().size, 0);
    });
  });

  describe('least recently used', () => {
    it('evicts in the order of last use, gets and puts both being uses', () => {
      const { cache } = cacheWithClock({ maxSize: 3 });
      for (const id of 'abc') cache.put(issue(id));
      cache.get(key('a')); // b c a
      cache.put(issue('b')); // c a b
      cache.put(issue('d'));
      assert.deepEqual(kept(cache, 'abcd'), ['a', 'b', 'd']);
      cache.put(issue('e'));
      assert.deepEqual(kept(cache, 'abcde'), ['b', 'd', 'e']);
      cache.get(key('b')); // d e b
      cache.put(issue('f'));
      assert.deepEqual(kept(cache, 'abcdef'), ['b', 'e', 'f']);
      assert.equal(cache.stats().evictions, 3);
    });

    it('does not count the question for an access count, a miss or a stats call as a use', () => {
      const { cache } = cacheWithClock({ maxSize: 2 });
      cache.put(issue('a'));
      cache.put(issue('b'));
      cache.accessCount(key('a'));
      cache.stats();
      cache.put(issue('c'));
      assert.deepEqual(kept(cache, 'abc'), ['b', 'c']);
    });

    it('evicts nobody for a key that is there already', () => {
      const { cache } = cacheWithClock({ maxSize: 2 });
      cache.put(issue('a'));
      cache.put(issue('b'));
      for (let i = 0; i < 5; i++) cache.put(issue('b', `version ${i}`));
      assert.deepEqual(kept(cache, 'ab'), ['a', 'b']);
      assert.equal(cache.stats().evictions, 0);
      assert.equal(cache.get(key('b'))?.content, 'version 4');
    });

    it('keeps its bound over many more issues than it has room for', () => {
      const { cache } = cacheWithClock({ maxSize: 10 });
      for (let i = 0; i < 1000; i++) {
        cache.put(issue(String(i)));
        assert.ok(cache.stats().size <= 10);
      }
      assert.equal(cache.stats().size, 10);
      assert.equal(cache.stats().evictions, 990);
    });

    it('works with room for one', () => {
      const { cache } = cacheWithClock({ maxSize: 1 });
      cache.put(issue('a'));
      cache.put(issue('b'));
      assert.deepEqual(kept(cache, 'ab'), ['b']);
      assert.equal(cache.stats().evictions, 1);
    });
  });

  describe('time to live', () => {
    for (const startAt of [0, 1, 123_456.789]) {
      it(`ends an entry after its time, on a clock that starts at ${startAt}`, () => {
        const { cache, clock } = cacheWithClock({ ttl: 100 }, startAt);
        cache.put(issue('a'));
        clock.advance(99.5);
        assert.notEqual(cache.get(key('a')), undefined);
        clock.advance(1);
        assert.equal(cache.get(key('a')), undefined);
      });
    }

    it('counts from the put, however often the entry is read', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      cache.put(issue('a'));
      for (let i = 0; i < 10; i++) {
        clock.advance(10);
        assert.notEqual(cache.get(key('a')), undefined);
      }
      clock.advance(0.5);
      assert.equal(cache.get(key('a')), undefined);
    });

    it('starts anew when the issue is put again', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      cache.put(issue('a'));
      clock.advance(80);
      cache.put(issue('a'));
      clock.advance(80);
      assert.notEqual(cache.get(key('a')), undefined);
      clock.advance(21);
      assert.equal(cache.get(key('a')), undefined);
    });

    it('sees time that passes within one turn of the event loop', () => {
      const { cache, clock } = cacheWithClock({ ttl: 5 });
      cache.put(issue('a'));
      cache.put(issue('b'));
      cache.get(key('a'));
      clock.advance(6);
      assert.equal(cache.get(key('a')), undefined);
      assert.equal(cache.accessCount(key('b')), undefined);
    });

    it('keeps an expired entry, counted neither as a hit nor as a miss, until somebody decides about it', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      cache.put(issue('a'));
      clock.advance(101);
      assert.equal(cache.get(key('a')), undefined);
      assert.deepEqual(cache.stats(), { ...NOTHING, size: 1, bytes: 18 });
      assert.equal(cache.peek(key('a'))?.id, 'a');
    });

    it('begins anew for an entry that is renewed, which is a hit and told apart', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      cache.put(issue('a'));
      clock.advance(101);
      assert.equal(cache.renew(issueIn(cache, 'a')), true);
      assert.deepEqual(cache.stats(), { ...NOTHING, hits: 1, hitRate: 1, revalidated: 1, size: 1, bytes: 18 });
      clock.advance(100);
      assert.equal(cache.get(key('a'))?.id, 'a');
      clock.advance(1);
      assert.equal(cache.get(key('a')), undefined);
    });

    it('is not renewed for an entry that was removed or replaced meanwhile', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      const a = issue('a');
      cache.put(a);
      clock.advance(101);
      cache.put(issue('a', 'new'));
      assert.equal(cache.renew(a), false);
      assert.equal(cache.get(key('a'))?.content, 'new');
      cache.invalidate(key('a'));
      assert.equal(cache.renew(a), false);
      assert.deepEqual([cache.stats().hits, cache.stats().revalidated, cache.stats().size], [1, 0, 0]);
    });

    it('counts an expired entry whose file has changed as one miss and one expiration, not as an eviction', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      cache.put(issue('a'));
      clock.advance(101);
      const a = issueIn(cache, 'a');
      cache.drop(a);
      cache.drop(a);
      assert.deepEqual(cache.stats(), { ...NOTHING, misses: 2, expirations: 1 });
    });

    it('counts an entry that was doubted and has changed as a miss, and not as an expiration', () => {
      const { cache } = cacheWithClock();
      cache.put(issue('a'));
      assert.equal(cache.get(key('a'), false), undefined);
      cache.drop(issueIn(cache, 'a'));
      assert.deepEqual(cache.stats(), { ...NOTHING, misses: 1 });
    });
  });

  describe('reading ahead', () => {
    const summary = (id: string, { content = `Text of ${id}`, completed = false } = {}) => {
      const { content: text, ...head } = issue(id, content, completed);
      return { ...head, progress: undefined, size: Buffer.byteLength(text) };
    };
    /** Offers issues as they are when a store is opened: in order. */
    const offer = (cache: IssueCache, ids: readonly string[], completed = false) => {
      for (const [index, id] of ids.entries()) {
        if (cache.wantsAhead(summary(id, { completed }), ids.length - index - 1)) {
          cache.putAhead(issue(id, undefined, completed));
        }
      }
    };

    it('counts neither as a hit nor as a miss until somebody asks, and then as a hit', () => {
      const { cache } = cacheWithClock();
      offer(cache, ['a', 'b']);
      assert.deepEqual(cache.stats(), { ...NOTHING, readAhead: 2, size: 2, bytes: 36 });
      cache.get(key('a'));
      cache.get(key('a'));
      assert.deepEqual(cache.stats(), { ...NOTHING, hits: 2, hitRate: 1, readAhead: 2, readAheadUsed: 1, size: 2, bytes: 36 });
    });

    it('counts what is used after its time to live as used, too', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      offer(cache, ['a']);
      clock.advance(101);
      cache.renew(issueIn(cache, 'a'));
      assert.equal(cache.stats().readAheadUsed, 1);
    });

    it('of what is there already replaces only another version', () => {
      const { cache } = cacheWithClock({ maxSize: 1 });
      cache.put(issue('a'));
      assert.equal(cache.wantsAhead(summary('a')), false);
      assert.equal(cache.wantsAhead({ ...summary('a'), modifiedAt: 1 }), true, 'the file was touched');
      assert.equal(cache.wantsAhead(summary('a', { content: 'new' })), true);
      cache.putAhead(issue('a', 'new'));
      assert.equal(cache.get(key('a'))?.content, 'new');
      assert.equal(cache.stats().readAheadUsed, 1);
    });

    it('takes no room of what somebody has asked for', () => {
      const { cache } = cacheWithClock({ maxSize: 2 });
      cache.put(issue('a'));
      offer(cache, ['b']);
      cache.get(key('b'));
      offer(cache, ['c']);
      assert.deepEqual(kept(cache, 'abc'), ['a', 'b']);
      cache.putAhead(issue('c'));
      assert.deepEqual([kept(cache, 'abc'), cache.stats().evictions], [['a', 'b'], 0]);
    });

    it('keeps open issues rather than completed ones, in whatever order they come', () => {
      const { cache } = cacheWithClock({ maxSize: 3 });
      offer(cache, ['a'], true);
      offer(cache, ['b', 'c']);
      offer(cache, ['d'], true);
      assert.deepEqual(cache.keys(), ['c', 'b', 'complete/a']);
      offer(cache, ['e']);
      assert.deepEqual(cache.keys(), ['e', 'c', 'b']);
      assert.equal(cache.stats().evictions, 0);
    });

    it('lets go of no completed issue that somebody has asked for', () => {
      const { cache } = cacheWithClock({ maxSize: 2 });
      offer(cache, ['a', 'b'], true);
      cache.get(issueKey('a', true));
      offer(cache, ['c', 'd', 'e']);
      assert.deepEqual(cache.keys().sort(), ['complete/a', 'e']);
    });

    it('keeps the newest of more issues than it has room for, and takes few that make room again', () => {
      const { cache } = cacheWithClock({ maxSize: 3 });
      const ids = Array.from({ length: 100 }, (_, index) => `issue ${index}`);
      offer(cache, ids);
      assert.deepEqual(cache.keys(), ['issue 99', 'issue 98', 'issue 97']);
      assert.deepEqual([cache.stats().readAhead, cache.stats().evictions], [6, 0]);
    });

    it('keeps its bound in bytes, and does not read what exceeds it', () => {
      const { cache } = cacheWithClock({ maxBytes: 100 });
      assert.equal(cache.wantsAhead(summary('a', { content: 'x'.repeat(51) })), false);
      cache.putAhead(issue('a', 'x'.repeat(51)));
      assert.equal(cache.stats().readAhead, 0);
      for (const id of 'bcd') cache.putAhead(issue(id, 'x'.repeat(20)));
      assert.deepEqual([cache.stats().bytes, kept(cache, 'bcd')], [80, ['c', 'd']]);
      cache.get(key('c'));
      cache.get(key('d'));
      assert.equal(cache.wantsAhead(summary('e', { content: 'x'.repeat(11) })), false);
      assert.equal(cache.wantsAhead(summary('e', { content: 'x'.repeat(10) })), true);
    });

    it('gives way to what is asked for without counting as evicted', () => {
      const { cache } = cacheWithClock({ maxSize: 2 });
      offer(cache, ['a', 'b']);
      cache.put(issue('c'));
      assert.deepEqual([kept(cache, 'abc'), cache.stats().evictions], [['b', 'c'], 0]);
    });

    it('is counted anew after a reset, with what can still be used', () => {
      const { cache } = cacheWithClock();
      offer(cache, ['a', 'b', 'c']);
      cache.get(key('a'));
      cache.invalidate(key('b'));
      cache.resetStats();
      assert.deepEqual([cache.stats().readAhead, cache.stats().readAheadUsed], [1, 0]);
      cache.get(key('a'));
      cache.get(key('c'));
      assert.deepEqual([cache.stats().readAhead, cache.stats().readAheadUsed], [1, 1]);
      cache.clear();
      cache.resetStats();
      assert.equal(cache.stats().readAhead, 0);
    });
  });

  describe('invalidate and clear', () => {
    it('forget without counting', () => {
      const { cache } = cacheWithClock();
      for (const id of 'abc') cache.put(issue(id));
      assert.equal(cache.invalidate(key('a')), true);
      assert.equal(cache.invalidate(key('a')), false);
      assert.deepEqual(kept(cache, 'abc'), ['b', 'c']);
      cache.clear();
      assert.deepEqual(kept(cache, 'abc'), []);
      assert.deepEqual(cache.stats(), NOTHING);
    });

    it('leave the cache usable to its full size', () => {
      const { cache } = cacheWithClock({ maxSize: 3 });
      for (const id of 'abc') cache.put(issue(id));
      cache.invalidate(key('b'));
      cache.put(issue('d'));
      assert.equal(cache.stats().evictions, 0);
      cache.put(issue('e'));
      assert.deepEqual(kept(cache, 'abcde'), ['c', 'd', 'e']);
      cache.clear();
      for (const id of 'xyz') cache.put(issue(id));
      assert.deepEqual(kept(cache, 'xyz'), ['x', 'y', 'z']);
      assert.equal(cache.stats().evictions, 1);
    });
  });

  it('names the keys of its live entries, and uses none of them', () => {
    const { cache, clock } = cacheWithClock({ ttl: 100, maxSize: 3 });
    cache.put(issue('old'));
    clock.advance(60);
    for (const id of 'ab') cache.put(issue(id));
    cache.get(key('a'));
    assert.deepEqual(cache.keys(), ['a', 'b', 'old']);
    clock.advance(60);
    assert.deepEqual(cache.keys(), ['a', 'b']);
    for (const each of cache.keys()) cache.invalidate(each);
    assert.deepEqual(cache.keys(), []);
    assert.equal(cache.stats().hits, 1);
  });

  describe('access counts', () => {
    it('are 1 for the put and 1 for each get', () => {
      const { cache, clock } = cacheWithClock({ ttl: 100 });
      cache.put(issue('a'));
      assert.equal(cache.accessCount(key('a')), 1);
      cache.get(key('a'));
      cache.get(key('a'));
      assert.equal(cache.accessCount(key('a')), 3);
      assert.equal(cache.accessCount(key('a')), 3);
      cache.put(issue('a'));
      assert.equal(cache.accessCount(key('a')), 1);
      assert.equal(cache.accessCount(key('b')), undefined);
      clock.advance(101);
      assert.equal(cache.accessCount(key('a')), undefined);
    });

    it('are no reads of the cache', () => {
      const { cache } = cacheWithClock();
      cache.put(issue('a'));
      cache.accessCount(key('a'));
      cache.accessCount(key('b'));
      const { hits, misses } = cache.stats();
      assert.deepEqual({ hits, misses }, { hits: 0, misses: 0 });
    });
  });

  describe('stats', () => {
    it('count hits and misses and their rate', () => {
      const { cache } = cacheWithClock();
      cache.put(issue('a'));
      for (let i = 0; i < 3; i++) cache.get(key('a'));
      cache.get(key('b'));
      const { hits, misses, hitRate } = cache.stats();
      assert.deepEqual({ hits, misses, hitRate }, { hits: 3, misses: 1, hitRate: 0.75 });
    });

    it('start anew at a reset that leaves the entries', () => {
      const { cache, clock } = cacheWithClock({ maxSize: 2, ttl: 100 });
      for (const id of 'abc') cache.put(issue(id));
      cache.get(key('c'));
      cache.get(key('a'));
      cache.resetStats();
      assert.deepEqual(cache.stats(), { ...NOTHING, size: 2, maxSize: 2, bytes: 36 });
      assert.equal(cache.accessCount(key('c')), 2);
      clock.advance(101);
      cache.drop(issueIn(cache, 'c'));
      cache.resetStats();
      assert.equal(cache.stats().expirations, 0);
    });
  });

  describe('memory', () => {
    it('keeps no more text than its bound, two bytes a unit', () => {
      const { cache } = cacheWithClock({ maxBytes: 2000 });
      for (const id of 'abcd') cache.put(issue(id, 'x'.repeat(250)));
      assert.deepEqual(kept(cache, 'abcd'), ['a', 'b', 'c', 'd']);
      cache.put(issue('e', 'é'.repeat(500)));
      assert.deepEqual(kept(cache, 'abcde'), ['c', 'd', 'e']);
      assert.equal(cache.stats().evictions, 2);
    });

    it('keeps its bound when an entry grows, and regains room when one shrinks or leaves', () => {
      const { cache } = cacheWithClock({ maxBytes: 2000 });
      for (const id of 'abcd') cache.put(issue(id, 'x'.repeat(250)));
      cache.put(issue('d', 'x'.repeat(500)));
      assert.deepEqual(kept(cache, 'abcd'), ['b', 'c', 'd']);
      cache.put(issue('d', 'x'));
      cache.put(issue('e', 'x'.repeat(249)));
      assert.deepEqual(kept(cache, 'bcde'), ['b', 'c', 'd', 'e']);
      cache.invalidate(key('b'));
      cache.put(issue('f', 'x'.repeat(500)));
      assert.deepEqual(kept(cache, 'bcdef'), ['c', 'd', 'e', 'f'], 'exactly full');
      cache.put(issue('g', 'x'));
      assert.deepEqual(kept(cache, 'cdefg'), ['d', 'e', 'f', 'g']);
    });

    it('does not cache what exceeds the bound alone, drops its earlier version, and evicts nobody for it', () => {
      const { cache } = cacheWithClock({ maxBytes: 2000 });
      cache.put(issue('a', 'x'));
      cache.put(issue('b', 'x'));
      cache.put(issue('a', 'x'.repeat(1001)));
      assert.deepEqual(kept(cache, 'ab'), ['b']);
      assert.equal(cache.stats().evictions, 0);
      cache.put(issue('a', 'x'.repeat(1000)));
      assert.deepEqual(kept(cache, 'ab'), ['a']);
    });

    it('holds 64 MiB of text unless told otherwise', () => {
      const { cache } = cacheWithClock();
      const mebibyte = 'x'.repeat(512 * 1024);
      for (let i = 0; i < 65; i++) cache.put(issue(String(i), mebibyte));
      assert.equal(cache.stats().size, 64);
      assert.equal(cache.stats().evictions, 1);
    });
  });

  it('does what a plain model of it does, over any sequence of calls', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const id = fc.constantFrom(...ids);
    const step = fc.oneof(
      fc.record({ call: fc.constant('get' as const), id }),
      fc.record({ call: fc.constant('put' as const), id }),
      fc.record({ call: fc.constant('invalidate' as const), id }),
      fc.record({ call: fc.constant('wait' as const), millis: fc.integer({ min: 0, max: 40 }) }),
      fc.record({ call: fc.constant('stats' as const) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (maxSize, steps) => {
        const { cache, clock } = cacheWithClock({ maxSize, ttl: 50 });
        const model = new CacheModel(maxSize, 50);
        for (const next of steps) {
          if (next.call === 'wait') clock.advance(next.millis);
          else if (next.call === 'stats') assert.deepEqual(figuresOf(cache), model.stats());
          else if (next.call === 'get') {
            assert.equal(cache.get(key(next.id))?.id, model.get(key(next.id), clock.time));
            const doubtful = cache.accessCount(key(next.id)) === undefined ? cache.peek(key(next.id)) : undefined;
            if (doubtful !== undefined) cache.drop(doubtful);
          } else if (next.call === 'invalidate') assert.equal(cache.invalidate(key(next.id)), model.entries.delete(key(next.id)));
          else {
            cache.put(issue(next.id));
            model.put(key(next.id), clock.time);
          }
          for (const each of ids) assert.equal(cache.accessCount(key(each)), model.accessCount(key(each), clock.time));
        }
        assert.deepEqual(figuresOf(cache), model.stats());
      }),
      { numRuns: 500 },
    );
  });
});

function figuresOf(cache: IssueCache) {
  const { revalidated, readAhead, readAheadUsed, bytes, maxBytes, ...figures } = cache.stats();
  return figures;
}

/** The contract, written down as plainly as it goes: a Map in the order of last use. */
class CacheModel {
  readonly entries = new Map<IssueKey, { loadedAt: number; accesses: number }>();
  readonly maxSize: number;
  readonly ttl: number;
  hits = 0;
  misses = 0;
  evictions = 0;
  expirations = 0;

  constructor(maxSize: number, ttl: number) {
    this.maxSize = maxSize;
    this.ttl = ttl;
  }

  get(key: IssueKey, now: number): IssueKey | undefined {
    const entry = this.entries.get(key);
    this.entries.delete(key);
    if (entry === undefined || now - entry.loadedAt > this.ttl) {
      this.misses++;
      this.expirations += entry === undefined ? 0 : 1;
      return undefined;
    }
    this.hits++;
    this.entries.set(key, { ...entry, accesses: entry.accesses + 1 });
    return key;
  }

  put(key: IssueKey, now: number): void {
    const replaced = this.entries.delete(key);
    if (!replaced && this.entries.size === this.maxSize) {
      const [first] = this.entries.keys();
      if (first !== undefined) this.entries.delete(first);
      this.evictions++;
    }
    this.entries.set(key, { loadedAt: now, accesses: 1 });
  }

  accessCount(key: IssueKey, now: number): number | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && now - entry.loadedAt <= this.ttl ? entry.accesses : undefined;
  }

  stats() {
    const { hits, misses, maxSize, evictions, expirations } = this;
    return { hits, misses, hitRate: hits === 0 ? 0 : hits / (hits + misses), size: this.entries.size, maxSize, evictions, expirations };
  }
}
