import { fileStorage } from '../support/storages.ts';
import { killedAtSystemCall } from './faultySystem.ts';

/** What the child of the kill test is started with, followed by the store's folder. */
export const WRITER_ARGUMENT = '--write-until-killed';

/** The same for a child that ends itself: followed by the store's folder and the number of the call that is its last. */
export const KILLED_AT_ARGUMENT = '--write-until-call';

/** What the child says after each change that was made. */
export interface Progress {
  /** The issue that it was about, or that is new. */
  readonly number: number;
}

/** The issues that are there before and are written again and again. */
export const SLOTS = [1, 2, 3, 4] as const;

/** The texts of all issues that are created later begin so: nobody knows their number before. */
const CREATED = 'created';

const REPEATED_LINES = 6_000;

/** About 150 KB: long enough that a write which is not atomic can be caught in its middle. The two have different lengths. */
export function slotText(slot: number, variant: 0 | 1): string {
  return `# Issue ${slot}, text ${variant}\n${`line of ${slot}, text ${variant}\n`.repeat(REPEATED_LINES + variant * 500)}end of ${slot}, text ${variant}\n`;
}

export function createdName(index: number): string {
  return `${CREATED}-${index}`;
}

export function createdText(name: string): string {
  return `# ${name}\n${`line of ${name}\n`.repeat(8 * REPEATED_LINES)}end of ${name}\n`;
}

/** The two names that an issue has in turn. */
export function slotName(variant: 0 | 1): string {
  return variant === 0 ? 'first-name' : 'another-name';
}

/** Changes the store in every way, several issues at a time, until somebody ends the process. */
export async function writeUntilKilled(folder: string): Promise<void> {
  const storage = fileStorage({ folder });
  const tell = (progress: Progress) => void process.send?.(progress);
  const rewrite = async (slot: number) => {
    for (let round = 0; ; round++) {
      const variant = round % 2 === 0 ? 1 : 0;
      await storage.updateIssue(slot, slotText(slot, variant));
      tell({ number: slot });
      await storage.rename(slot, slotName(variant));
      tell({ number: slot });
      await storage.markComplete(slot);
      tell({ number: slot });
      await storage.updateIssue(slot, slotText(slot, variant === 0 ? 1 : 0));
      tell({ number: slot });
      await storage.reopen(slot);
      tell({ number: slot });
    }
  };
  const create = async () => {
    for (let index = 0; ; index++) {
      const name = createdName(index);
      const { number } = await storage.createIssue(name, createdText(name));
      tell({ number: number ?? 0 });
    }
  };
  await Promise.all([create(), ...SLOTS.map(rewrite)]);
}

/** Changes one issue in every way and creates another, in order, up to the system call that is its last one. */
export async function writeUntilCall(folder: string, lastCall: number): Promise<void> {
  const storage = fileStorage({ folder });
  const [slot] = SLOTS;
  await killedAtSystemCall(lastCall, async () => {
    await storage.updateIssue(slot, slotText(slot, 1));
    await storage.rename(slot, slotName(1));
    await storage.markComplete(slot);
    await storage.updateIssue(slot, slotText(slot, 0));
    await storage.reopen(slot);
    const name = createdName(0);
    await storage.createIssue(name, createdText(name));
  });
}
