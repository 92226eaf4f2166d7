import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { errorCode } from '../../../src/core/disk/disk.ts';
import type { Issue, IssueKey, IssueRef } from '../../../src/core/issue/issue.ts';
import { IssueError } from '../../../src/core/issue/issueErrors.ts';
import { issuePath } from '../../../src/core/issue/issueKey.ts';
import type { WriteResult } from '../../../src/core/storage/issueStoragePort.ts';
import { StoreFolderError } from '../../../src/core/sync/storeStatus.ts';
import { byHand } from '../support/byHand.ts';
import { OpenStore, SETTINGS } from '../support/openStore.ts';
import { TemporaryFolder } from '../support/temporaryFolder.ts';
import { assertTrue, Follower, readRows } from './independent.ts';
import { folderOf, hintsBetween, type Noticed, Outsider, photograph } from './outsider.ts';
import type { Fate, OwnStep, Pick, Step } from './steps.ts';
import { firstLine, type StoreKind } from './storeKinds.ts';

/** By the paths of the files, in all places where the store may be. */
type Texts = ReadonlyMap<string, string>;

/** What an own step answered; `issues` are those it is about as they are afterwards, or were if it deleted them. */
type Outcome = { readonly issues: readonly Found[] } | { readonly failure: Error };
type About = { readonly key: Issue['key']; readonly content?: string };
type Found = About & { readonly filePath: string };

const EDITS: readonly OwnStep['kind'][] = ['update', 'create', 'updateBatch', 'createBatch'];
const MOVES: readonly OwnStep['kind'][] = ['complete', 'reopen', 'rename', 'completeBatch', 'reopenBatch'];
const DELETIONS: readonly OwnStep['kind'][] = ['delete', 'deleteBatch'];

/** A store, those who change its files behind its back, and a watcher that says of it what a test wants. */
export class World {
  readonly #folder = new TemporaryFolder();
  readonly #hand = byHand();
  readonly #kind: StoreKind;
  readonly #opened: OpenStore;
  readonly #follower: Follower;
  /** Where the store may be, best first. */
  readonly #places: readonly string[];
  readonly #outsider: Outsider;
  readonly #hints: Noticed[] = [];
  readonly #undos: { readonly run: () => Promise<void>; readonly touched: ReadonlySet<string> }[] = [];
  /** Texts that an update put another one in the place of without having seen them. */
  readonly #overwritten: string[] = [];
  /** Texts of batches that failed: whatever was written of them was taken back. */
  readonly #takenBack = new Set<string>();
  #texts = 0;

  constructor(kind: StoreKind) {
    this.#kind = kind;
    // The wall clock is the real one, because that is what the files are stamped with.
    const clock = { now: () => this.#hand.time.now(), epoch: () => Date.now() };
    this.#opened = new OpenStore(this.#folder.path, { ...kind.options, ...this.#hand.options, clock });
    this.#follower = new Follower(this.#store);
    this.#places = kind.places.map((place) => this.#folder.join(place));
    const [place, newText] = [() => this.#place, () => this.#newText()];
    this.#outsider = new Outsider(kind, this.#folder.path, this.#places, place, newText);
  }

  get #store() {
    return this.#opened.store;
  }

  /** Where the store is. */
  get #place(): string {
    assert.ok(this.#store.folder !== undefined);
    return this.#store.folder;
  }

  async open(): Promise<void> {
    const { places, start, config } = this.#kind;
    for (const path of start) {
      this.#folder.write(`${places[0]}/${path}`, this.#newText());
    }
    if (config !== undefined) {
      this.#folder.write(`${places[0]}/${config.path}`, config.texts[0]);
    }
    await this.#opened.open();
  }

  dispose(): void {
    this.#store.dispose();
    this.#folder.dispose();
  }

  async run(step: Step): Promise<void> {
    const [place, before] = [this.#place, this.#places.map(photograph)];
    const atOnce = await this.#do(step);
    assert.deepEqual(
      this.#overwritten.splice(0).filter((text) => !this.#takenBack.has(text)),
      [],
      'edits were overwritten unseen',
    );
    // What happens in a place that the store has just left, or goes to, is noticed there.
    const noticed = this.#places.flatMap((each, index): Noticed[] => {
      const hints = hintsBetween(before[index] ?? new Map(), photograph(each), this.#kind.config?.path);
      return each === place || each === this.#place || hints.includes('everything') ? hints : hints.map(() => 'elsewhere' as const);
    });
    await this.#meet(step.fate, [...atOnce, ...noticed]);
  }

  /** Delivers every hint that waits, lets all timers go off, and waits for every look that comes of it, however slow the disk. */
  async quiet(): Promise<void> {
    this.#deliver(this.#hints.length);
    const { disk } = this.#hand;
    let calmTurns = 0;
    // Files that were read in the very tick of their last change are read again until that tick is over.
    for (let turn = 0; calmTurns < 20 && turn < 100_000; turn++) {
      const before = disk.calls.length;
      this.#hand.time.advance(SETTINGS.coalescingWindow);
      // An empty batch changes nothing and waits for the looks that are under way.
      await this.#store.for('test').createIssuesBatch([]);
      await new Promise((resolve) => setImmediate(resolve));
      const isCalm = this.#soon().length === 0 && disk.underWay === 0 && disk.calls.length === before;
      calmTurns = isCalm ? calmTurns + 1 : 0;
    }
    assert.deepEqual([this.#soon(), disk.underWay], [[], 0], 'looks at the disk that are still to come');
  }

  /** Milliseconds to the timers that the last steps have set, unlike those that come round at a slow pace. */
  #soon(): number[] {
    return this.#hand.time.waits.filter((wait) => wait <= 1000);
  }

  refresh(): Promise<void> {
    return this.#store.refresh();
  }

  async check(): Promise<void> {
    // A link that leads nowhere for a moment is rightly told of; that it is read again afterwards is what the rest checks.
    const errors = this.#opened.errors.filter((error) => !(error instanceof StoreFolderError && error.reason === 'notFolder'));
    assert.deepEqual(errors, []);
    const holding = this.#places.filter((place) => readRows(this.#kind, place).rows.length > 0);
    const allowed = holding.length > 0 ? holding : this.#places.filter((place) => existsSync(place));
    assert.ok(allowed.length === 0 || allowed.includes(this.#place), `the store is in ${this.#place}, and not in ${allowed}`);
    await assertTrue(this.#kind, this.#store, this.#follower);
  }

  async #meet({ hints: fate, place, deliver, wait }: Fate, hints: readonly Noticed[]): Promise<void> {
    for (const hint of fate === 'dropped' ? [] : hints) {
      this.#hints.splice(place % (this.#hints.length + 1), 0, hint, ...(fate === 'twice' ? [hint] : []));
    }
    this.#deliver(deliver);
    this.#hand.time.advance(wait);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #deliver(count: number): void {
    for (const hint of this.#hints.splice(0, count)) {
      const watcher = this.#hand.watchers.at(-1);
      if (hint === 'elsewhere') {
        watcher?.hintElsewhere();
      } else {
        watcher?.hint(hint);
      }
    }
  }

  async #do(step: Step): Promise<Noticed[]> {
    if (step.kind === 'together') {
      return this.#together(step);
    }
    if (step.step.kind === 'outside') {
      return this.#outsider.do(step.step);
    }
    const before = this.#read();
    const undo = this.#undos.at(-1);
    const outcome = await this.#outcomeOf(step.step);
    this.#checkAlone(step.step, outcome, before, undo?.touched);
    this.#checkKnown(before);
    return [];
  }

  /** Own steps side by side, and somebody else's in the midst of them. */
  async #together({ steps, outside, turns }: Extract<Step, { kind: 'together' }>): Promise<Noticed[]> {
    const isAlone = outside === undefined;
    const running = steps.map((step) => this.#outcomeOf(step, isAlone));
    for (let turn = 0; turn < turns; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#deliver(1);
      this.#hand.time.advance(SETTINGS.coalescingWindow / 2);
    }
    // A move changes the change time itself: an edit in the midst of it is told by size and modification time alone.
    const what = outside?.what === 'writeUnseen' ? 'write' : outside?.what;
    const hints = outside === undefined || what === undefined ? [] : this.#outsider.tryTo({ ...outside, what });
    const outcomes = await Promise.all(running);
    const done = outcomes.map((outcome, index) => ({ kind: steps[index]?.kind, issues: 'issues' in outcome ? outcome.issues : [] }));
    const canHide = (kind: OwnStep['kind'] | undefined) => kind !== undefined && (DELETIONS.includes(kind) || kind === 'undo');
    if (isAlone && !done.some(({ kind }) => canHide(kind))) {
      const edits = done.filter(({ kind }) => kind !== undefined && EDITS.includes(kind)).flatMap(({ issues }) => issues);
      const onDisk = new Set(this.#read().values());
      const isOnly = ({ filePath }: Found) => edits.filter((edit) => edit.filePath === filePath).length === 1;
      for (const { filePath, content = '' } of edits.filter(isOnly)) {
        assert.ok(onDisk.has(content), `the edit of ${filePath} among ${JSON.stringify(steps)} is lost`);
      }
    }
    const names = done.flatMap(({ issues }) => issues.map(({ key }) => key));
    return [...hints, ...names.map((key) => ({ folder: folderOf(key), name: `${basename(key)}.md` }))];
  }

  #read(): Texts {
    return new Map(
      this.#places.flatMap((place) => [...readRows(this.#kind, place).texts].map(([key, text]) => [join(place, `${key}.md`), text])),
    );
  }

  #newText(): string {
    return this.#kind.text(++this.#texts);
  }

  /** What the store has changed itself it knows at once, with no hint at it. */
  #checkKnown(before: Texts): void {
    const after = this.#read();
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const key = this.#store.pathOf(path)?.replaceAll(sep, '/').replace(/\.md$/, '');
      if (before.get(path) !== after.get(path) && key !== undefined) {
        const known = this.#store.catalogue.get(key as Issue['key']);
        const text = after.get(path);
        assert.equal(known?.summary.title, text && firstLine(text), `what is known of ${path} after an own step`);
      }
    }
  }

  /** What a step that was alone says must be what it did, and all that it did. */
  #checkAlone(step: OwnStep, outcome: Outcome, before: Texts, undone: ReadonlySet<string> | undefined): void {
    const after = this.#read();
    const what = JSON.stringify(step);
    if ('failure' in outcome) {
      assert.deepEqual(after, before, `${what} failed, and yet changed something`);
      return;
    }
    const expected = new Map(before);
    if (EDITS.includes(step.kind)) {
      for (const { filePath, content = '' } of outcome.issues) {
        expected.set(filePath, content);
      }
    } else if (DELETIONS.includes(step.kind)) {
      for (const { filePath } of outcome.issues) {
        expected.delete(filePath);
      }
    } else if (MOVES.includes(step.kind)) {
      // A text is moved and never copied, so it tells where it came from.
      for (const { filePath, content = '' } of outcome.issues) {
        const from = [...before].filter(([, text]) => text === content).map(([old]) => old);
        assert.equal(from.length, 1, `${what} moved something of which it did not know the text`);
        expected.delete(from[0] ?? '');
        expected.set(filePath, content);
      }
    } else if (step.kind === 'undo') {
      const others = (texts: Texts) => new Map([...texts].filter(([path]) => !undone?.has(path)));
      assert.deepEqual(sorted(others(after)), sorted(others(before)), 'an undo changed what was not its own');
      return;
    }
    assert.deepEqual(sorted(after), sorted(expected), what);
  }

  /** @param isAlone false if files are taken away in the midst of it: where that is not foreseen the system says so in its own words. */
  async #outcomeOf(step: OwnStep, isAlone = true): Promise<Outcome> {
    const [folder, before] = [this.#store.folder, this.#read()];
    try {
      const issues = await this.#start(step);
      const after = this.#read();
      // The store can have moved elsewhere right after the step, and an issue does not say where it lies.
      const pathOf = ({ key }: { readonly key: IssueKey }) => {
        const paths = [folder, this.#store.folder].flatMap((place) => (place === undefined ? [] : [issuePath(place, key)]));
        return paths.find((path) => after.has(path)) ?? paths.find((path) => before.has(path)) ?? this.#store.filePathOf({ key });
      };
      return { issues: issues.map((issue) => ({ ...issue, filePath: pathOf(issue) })) };
    } catch (error) {
      if (error instanceof IssueError || (!isAlone && error instanceof Error && errorCode(error) === 'ENOENT')) {
        return { failure: error };
      }
      throw error;
    }
  }

  #ref({ nth, as }: Pick): IssueRef {
    const { rows } = readRows(this.#kind, this.#place);
    const row = rows[nth % rows.length];
    if (row === undefined || as === 'nobody') {
      return 'nobody';
    }
    const number = row.number ?? row.id;
    return { key: { key: row.key as Issue['key'] }, id: row.id, number, text: `#${number}` }[as];
  }

  async #start(step: OwnStep): Promise<readonly About[]> {
    switch (step.kind) {
      case 'get':
        return [await this.#store.getIssue(this.#ref(step.pick))];
      case 'delete':
        return [await this.#delete(step)];
      case 'complete':
        return [await this.#store.for('test').markComplete(this.#ref(step.pick))];
      case 'reopen':
        return [await this.#store.for('test').reopen(this.#ref(step.pick))];
      case 'update':
        return [await this.#update(step)];
      case 'rename':
        return [await this.#store.for('test').rename(this.#ref(step.pick), step.name)];
      case 'create':
        return [await this.#store.for('test').createIssue(step.name, this.#newText())];
      case 'list':
        return this.#store.listIssues();
      case 'summaries':
        return this.#store.listSummaries();
      case 'configure':
        await this.#store.configure({ ...SETTINGS, ttl: step.ttl, maxSize: step.maxSize });
        return [];
      case 'clear':
        this.#store.clearCache();
        return [];
      case 'refresh':
        await this.#store.refresh();
        return [];
      case 'undo':
        await this.#undos.pop()?.run();
        return [];
      default:
        return this.#startBatch(step);
    }
  }

  /** A version from a cache that was told of nothing yet is as good as any: then the update must fail. */
  async #update({ pick, version }: Extract<OwnStep, { kind: 'update' | 'delete' }>): Promise<Issue> {
    const ref = this.#ref(pick);
    const content = this.#newText();
    if (version === 'none') {
      return this.#store.for('test').updateIssue(ref, content);
    }
    const seen = await this.#store.getIssue(ref);
    const texts = this.#read();
    const updated = await this.#store
      .for('test')
      .updateIssue(seen, content, { expectedVersion: version === 'right' ? seen.version : 'other' });
    assert.equal(version, 'right', 'an update with a wrong version went through');
    const filePath = this.#store.filePathOf(updated);
    const before = texts.get(filePath);
    if (before !== undefined && before !== seen.content && this.#read().get(filePath) === content) {
      this.#overwritten.push(before);
    }
    return updated;
  }

  /** As an update: what the cache has seen may be another text than is there, and that text must not be what is deleted. */
  async #delete({ pick, version }: Extract<OwnStep, { kind: 'update' | 'delete' }>): Promise<Issue> {
    const ref = this.#ref(pick);
    if (version === 'none') {
      return this.#store.for('test').deleteIssue(ref);
    }
    const seen = await this.#store.getIssue(ref);
    const deleted = await this.#store.for('test').deleteIssue(seen, { expectedVersion: version === 'right' ? seen.version : 'other' });
    assert.equal(version, 'right', 'a deletion with a wrong version went through');
    // In this model the first line of a text is all of it.
    assert.equal(deleted.title, firstLine(seen.content), 'a text was deleted unseen');
    return deleted;
  }

  async #startBatch(step: Extract<OwnStep, { picks: unknown } | { names: unknown }>): Promise<readonly About[]> {
    if (step.kind === 'createBatch') {
      const drafts = step.names.map((name) => ({ name, content: this.#newText() }));
      return this.#withUndo(() => this.#store.for('test').createIssuesBatch(drafts));
    }
    const refs = step.picks.map((pick) => this.#ref(pick));
    switch (step.kind) {
      case 'getBatch':
        return this.#store.getIssues(refs);
      case 'updateBatch': {
        const updates = refs.map((ref) => ({ ref, content: this.#newText() }));
        return this.#withUndo(() => this.#store.for('test').updateIssuesBatch(updates)).catch((error: unknown) => {
          for (const { content } of updates) {
            this.#takenBack.add(content);
          }
          throw error;
        });
      }
      case 'completeBatch':
        return this.#withUndo(() => this.#store.for('test').markCompleteBatch(refs));
      case 'reopenBatch':
        return this.#withUndo(() => this.#store.for('test').reopenBatch(refs));
      case 'deleteBatch':
        return this.#withUndo(() => this.#store.for('test').deleteIssuesBatch(refs));
    }
  }

  async #withUndo(start: () => Promise<WriteResult>): Promise<readonly About[]> {
    const { issues, undo } = await start();
    const touched = issues.flatMap(({ key }) => {
      const filePath = this.#store.filePathOf({ key });
      const [folder, name] = [dirname(filePath), basename(filePath)];
      return [filePath, key.startsWith('complete/') ? join(dirname(folder), name) : join(folder, 'complete', name)];
    });
    this.#undos.push({ run: async () => void (await this.#store.write(undo)), touched: new Set(touched) });
    return issues;
  }
}

const sorted = (texts: Texts) => [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
