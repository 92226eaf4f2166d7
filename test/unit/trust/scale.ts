/** `TRUST_SCALE=large` tries far more cases than a run of all tests has time for. */
const IS_LARGE = process.env.TRUST_SCALE === 'large';

export const scaled = (usual: number, large: number): number => (IS_LARGE ? large : usual);

/** A limit for mocha, in milliseconds, that holds on a slow machine and in a large run. */
export const TRUST_TIMEOUT_MS = scaled(120_000, 1_800_000);

/** `TRUST_SEED=n` repeats a run that has failed. */
export const trustSeed = (): number => Number(process.env.TRUST_SEED ?? Date.now() % 2 ** 31);
