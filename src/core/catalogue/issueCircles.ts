import type { IssueKey } from '../issue/issue.ts';
import { KeysByName } from './keysByName.ts';

/**
 * How many issues are looked at in each direction. Circles that people make have two or three members; without an end, each look at one
 * issue could go through the whole store.
 */
const LIMIT = 100;

type Step = (key: IssueKey) => readonly IssueKey[];

export interface Steps {
  readonly next: Step;
  /** The other direction. */
  readonly previous: Step;
}

/** Finds circles among issues, around one issue at a time. */
export class IssueCircles {
  readonly #steps: Steps;
  /** What was found last around an issue, if it was a circle. */
  readonly #found = new Map<IssueKey, readonly IssueKey[]>();
  /** The issues around which a circle was found, by its members. */
  readonly #through = new KeysByName();
  /** Issues that are on no circle as long as no step is added, so that no walk has to go on from them. */
  readonly #clear = new Set<IssueKey>();

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  /** To be called when a step may have been added. */
  stepsAdded(): void {
    this.#clear.clear();
  }

  /**
   * Every issue from which steps lead to this one and back, this one first and the others from the nearest on. None if it is on no circle.
   * A circle that is far longer than {@link LIMIT} is not found.
   */
  around(key: IssueKey): readonly IssueKey[] {
    const circle = this.#isOnCircle(key) ? this.#membersAround(key) : [];
    for (const member of this.#found.get(key) ?? []) {
      this.#through.remove(member, key);
    }
    if (circle.length === 0) {
      this.#found.delete(key);
    } else {
      this.#found.set(key, circle);
      for (const member of circle) {
        this.#through.add(member, key);
      }
    }
    return circle;
  }

  /** False if no circle was found the last time that each issue was asked for. */
  get areFound(): boolean {
    return this.#found.size > 0;
  }

  /** The issues around which a circle with this member was found, which may have been opened since. */
  lastFoundThrough(member: IssueKey): readonly IssueKey[] {
    return this.#through.of(member);
  }

  /** Walks in both directions by turns, because one of them is often short. */
  #isOnCircle(key: IssueKey): boolean {
    if (this.#clear.has(key)) {
      return false;
    }
    const isOpen = (each: IssueKey) => !this.#clear.has(each);
    const walks = [new Walk(key, this.#steps.next, isOpen), new Walk(key, this.#steps.previous, isOpen)];
    for (let count = 0; count < LIMIT; count++) {
      for (const walk of walks) {
        if (!walk.advance()) {
          this.#clear.add(key);
          return false;
        }
        if (walk.reached.has(key)) {
          return true;
        }
      }
    }
    return false;
  }

  #membersAround(key: IssueKey): readonly IssueKey[] {
    const ahead = reachedFrom(key, this.#steps.next, (each) => !this.#clear.has(each));
    const back = reachedFrom(key, this.#steps.previous, (each) => ahead.has(each));
    return [key, ...[...ahead].filter((each) => each !== key && back.has(each))];
  }
}

/** Goes from an issue to all that steps lead to, the nearest first. */
class Walk {
  readonly reached = new Set<IssueKey>();
  readonly #step: Step;
  readonly #isOpen: (key: IssueKey) => boolean;
  /** Goes on with what is reached meanwhile. */
  readonly #next = this.reached.values();
  #from: IssueKey | undefined;

  /** @param isOpen whether to go to an issue */
  constructor(start: IssueKey, step: Step, isOpen: (key: IssueKey) => boolean) {
    this.#from = start;
    this.#step = step;
    this.#isOpen = isOpen;
  }

  /** Takes all steps from one more issue. @returns false if there is none */
  advance(): boolean {
    if (this.#from === undefined) {
      return false;
    }
    for (const key of this.#step(this.#from)) {
      if (this.#isOpen(key)) {
        this.reached.add(key);
      }
    }
    this.#from = this.#next.next().value;
    return true;
  }
}

function reachedFrom(start: IssueKey, step: Step, isOpen: (key: IssueKey) => boolean): ReadonlySet<IssueKey> {
  const walk = new Walk(start, step, isOpen);
  for (let count = 0; count < LIMIT && walk.advance(); count++) {}
  return walk.reached;
}
