import type { IssueKey } from '../issue/issue.ts';

const NO_KEYS: readonly IssueKey[] = [];

/** Sets of keys by a name. Most names have one key, which is kept without a set, to save memory. */
export class KeysByName {
  readonly #keys = new Map<string, IssueKey | Set<IssueKey>>();

  /** In no order. A copy where there are several. */
  of(name: string): readonly IssueKey[] {
    const keys = this.#keys.get(name);
    if (keys === undefined) {
      return NO_KEYS;
    }
    return typeof keys === 'string' ? [keys] : [...keys];
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  add(name: string, key: IssueKey): void {
    const keys = this.#keys.get(name);
    if (keys === undefined) {
      this.#keys.set(name, key);
    } else if (typeof keys !== 'string') {
      keys.add(key);
    } else if (keys !== key) {
      this.#keys.set(name, new Set([keys, key]));
    }
  }

  remove(name: string, key: IssueKey): void {
    const keys = this.#keys.get(name);
    if (keys === key) {
      this.#keys.delete(name);
    } else if (typeof keys === 'object' && keys.delete(key) && keys.size === 1) {
      for (const last of keys) {
        this.#keys.set(name, last);
      }
    }
  }
}
