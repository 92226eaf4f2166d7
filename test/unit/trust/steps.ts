import fc from 'fast-check';

/** How a step names an issue: the nth of those on the disk, as one of the things that callers write. */
export interface Pick {
  readonly nth: number;
  readonly as: 'key' | 'id' | 'number' | 'text' | 'nobody';
}

/** Something that a caller asks of the store. */
export type OwnStep =
  | { readonly kind: 'get' | 'complete' | 'reopen'; readonly pick: Pick }
  | { readonly kind: 'update' | 'delete'; readonly pick: Pick; readonly version: 'none' | 'right' | 'wrong' }
  | { readonly kind: 'rename'; readonly pick: Pick; readonly name: string }
  | { readonly kind: 'create'; readonly name: string }
  | { readonly kind: 'list' | 'summaries' | 'clear' | 'refresh' | 'undo' }
  | { readonly kind: 'createBatch'; readonly names: readonly string[] }
  | { readonly kind: 'getBatch' | 'updateBatch' | 'completeBatch' | 'reopenBatch' | 'deleteBatch'; readonly picks: readonly Pick[] }
  | { readonly kind: 'configure'; readonly ttl: number; readonly maxSize: number };

/** Something that others do to the disk. */
export interface OutsideStep {
  readonly kind: 'outside';
  readonly what:
    | 'write'
    /** More than a megabyte, so that only its beginning is gone through. */
    | 'writeLong'
    /** Above what is read at all. */
    | 'writeHuge'
    | 'writeNew'
    /** A new issue where the store might be instead. */
    | 'writeElsewhere'
    | 'writeUnseen'
    | 'atomicSave'
    | 'touch'
    | 'rename'
    | 'otherFolder'
    | 'delete'
    | 'swapFolder'
    | 'removeFolder'
    | 'remakeFolder'
    /** Removes all that makes it a store, as a checkout does. */
    | 'emptyStore'
    /** Another configuration, or none. */
    | 'config'
    /** Puts a link to another folder in its place. */
    | 'linkFolder'
    /** Brings back the folder that a link has taken the place of. */
    | 'unlinkFolder';
  readonly nth: number;
  readonly name: string;
  /** Where the step is about a folder: that of completed issues, or another one. */
  readonly completed: boolean;
}

/** What becomes of the hints at what a step did. */
export interface Fate {
  readonly hints: 'dropped' | 'once' | 'twice';
  /** Where among the hints that wait. */
  readonly place: number;
  /** How many of those that wait are delivered after the step. */
  readonly deliver: number;
  /** How far time goes on after it, in milliseconds. */
  readonly wait: number;
}

export type Step = { readonly fate: Fate } & (
  | { readonly kind: 'one'; readonly step: OwnStep | OutsideStep }
  /** Begun together; the other's edit comes some turns of the event loop later. */
  | { readonly kind: 'together'; readonly steps: readonly OwnStep[]; readonly outside: OutsideStep | undefined; readonly turns: number }
);

const nth = fc.nat({ max: 11 });
const name = fc.constantFrom('a', 'b', 'c');
const pick: fc.Arbitrary<Pick> = fc.record({
  nth,
  as: fc.constantFrom('key' as const, 'key' as const, 'key' as const, 'id' as const, 'number' as const, 'text' as const, 'nobody' as const),
});
const picks = fc.array(pick, { maxLength: 3 });
const one = <T extends string>(...kinds: T[]) => fc.constantFrom(...kinds);

const oneOf = (...values: number[]) => fc.constantFrom(...values);

const own: fc.Arbitrary<OwnStep> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: one('get'), pick }) },
  { weight: 3, arbitrary: fc.record({ kind: one('getBatch'), picks }) },
  { weight: 2, arbitrary: fc.record({ kind: one('list', 'summaries', 'clear', 'refresh') }) },
  { weight: 2, arbitrary: fc.record({ kind: one('create'), name }) },
  { weight: 7, arbitrary: fc.record({ kind: one('update', 'update', 'delete'), pick, version: one('none', 'right', 'wrong') }) },
  { weight: 4, arbitrary: fc.record({ kind: one('complete', 'reopen'), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: one('rename'), pick, name }) },
  { weight: 1, arbitrary: fc.record({ kind: one('createBatch'), names: fc.array(name, { maxLength: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: one('updateBatch', 'completeBatch', 'reopenBatch', 'deleteBatch'), picks }) },
  { weight: 3, arbitrary: fc.record({ kind: one('undo') }) },
  { weight: 1, arbitrary: fc.record({ kind: one('configure'), ttl: oneOf(300, 300_000), maxSize: oneOf(1, 3, 1000) }) },
);

const outside: fc.Arbitrary<OutsideStep> = fc.record({
  kind: one('outside'),
  what: fc.oneof(
    {
      weight: 7,
      arbitrary: one('write', 'writeUnseen', 'writeUnseen', 'atomicSave', 'rename', 'otherFolder', 'delete', 'writeNew', 'touch'),
    },
    { weight: 1, arbitrary: one('writeLong', 'writeHuge', 'writeElsewhere', 'config') },
    { weight: 2, arbitrary: one('swapFolder', 'removeFolder', 'remakeFolder', 'emptyStore', 'linkFolder', 'unlinkFolder') },
  ),
  nth,
  name,
  completed: fc.boolean(),
});

/** @param canDrop whether hints can be lost altogether. */
export function stepsOf(canDrop: boolean): fc.Arbitrary<Step[]> {
  const fate: fc.Arbitrary<Fate> = fc.record({
    hints: canDrop ? one('dropped', 'once', 'twice') : one('once', 'twice'),
    place: nth,
    deliver: fc.nat({ max: 6 }),
    wait: oneOf(0, 0, 5, 20, 400),
  });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: one('one'), fate, step: fc.oneof(own, outside) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: one('together'),
        fate,
        steps: fc.array(own, { minLength: 2, maxLength: 4 }),
        outside: fc.option(outside, { nil: undefined }),
        turns: fc.nat({ max: 6 }),
      }),
    },
  );
  return fc.array(step, { minLength: 5, maxLength: 30 });
}
