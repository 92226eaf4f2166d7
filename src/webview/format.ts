/** Shown for a missing value. */
export const NO_VALUE = '–';
/** Between a number and its unit, so that no line ends there: a no-break space. */
const UNIT_SPACE = '\u00a0';

/** Turns figures into short texts of the reader's language. Each takes null for "no value". */
export interface Formats {
  /** Microseconds, to three digits in the unit that suits: `0.35 µs`, `12.5 ms`, `1.2 s`, `2 min 5 s`, `1 h 4 min`. */
  duration(micros: number | null): string;
  /** As a duration, but never in two parts, for an axis: `100 s`, `1,000 s`. */
  durationTick(micros: number | null): string;
  /** A whole number with its thousands grouped. */
  count(value: number | null): string;
  /** A number to three digits with k, M or G from 10 000 on. */
  short(value: number | null): string;
  /** A size in megabytes of a million bytes, to three digits. */
  megabytes(bytes: number): string;
  /** 0 to 1 as per cent with at most one decimal. Only 1 shows as 100 %, and only 0 as 0 %. */
  percent(ratio: number | null): string;
  /** Events per second. */
  rate(perSecond: number | null): string;
  /** Time of day to the second. */
  time(epochMillis: number): string;
  /** Time of day to the minute. */
  minute(epochMillis: number): string;
}

const MAGNITUDES = ['', 'k', 'M', 'G', 'T'] as const;
const SUBMINUTE_UNITS = ['µs', 'ms', 's'] as const;

/** @param locale a BCP 47 tag; an unknown or malformed one means the browser's own. */
export function createFormats(locale: string): Formats {
  const known = knownLocale(locale);
  const whole = new Intl.NumberFormat(known, { maximumFractionDigits: 0 });
  const threeDigits = new Intl.NumberFormat(known, { maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(known, { style: 'percent', maximumFractionDigits: 1 });
  const megabytes = new Intl.NumberFormat(known, { style: 'unit', unit: 'megabyte', maximumSignificantDigits: 3 });
  const time = new Intl.DateTimeFormat(known, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const minute = new Intl.DateTimeFormat(known, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

  const short = (value: number): string => {
    if (Math.abs(value) < 10_000) {
      return value >= 1000 ? whole.format(value) : threeDigits.format(value);
    }
    const { scaled, step } = scaleDown(value, MAGNITUDES.length - 1);
    return `${threeDigits.format(scaled)}${MAGNITUDES[step] ?? ''}`;
  };

  const durationTick = (micros: number): string => {
    const { scaled, step } = scaleDown(micros, SUBMINUTE_UNITS.length - 1);
    return `${threeDigits.format(scaled)}${UNIT_SPACE}${SUBMINUTE_UNITS[step] ?? ''}`;
  };

  const duration = (micros: number): string => {
    const seconds = Math.round(micros / 1e6);
    if (seconds >= 3600) {
      return `${whole.format(Math.floor(seconds / 3600))}${UNIT_SPACE}h ${Math.floor((seconds % 3600) / 60)}${UNIT_SPACE}min`;
    }
    if (seconds >= 60) {
      return `${Math.floor(seconds / 60)}${UNIT_SPACE}min ${seconds % 60}${UNIT_SPACE}s`;
    }
    return durationTick(micros);
  };

  const orNone = (format: (value: number) => string) => (value: number | null) => (value === null ? NO_VALUE : format(value));
  return {
    duration: orNone(duration),
    durationTick: orNone(durationTick),
    count: orNone((value) => whole.format(value)),
    short: orNone(short),
    megabytes: (bytes) => megabytes.format(bytes / 1e6),
    percent: orNone((ratio) => percent.format(keepEndsApart(ratio))),
    rate: orNone((perSecond) => `${short(perSecond)}/s`),
    time: (epochMillis) => time.format(epochMillis),
    minute: (epochMillis) => minute.format(epochMillis),
  };
}

/** Divides by 1000 while three digits would show 1000 or more, so that 999.7 µs becomes 1 ms and not 1000 µs. */
function scaleDown(value: number, maxSteps: number): { scaled: number; step: number } {
  let scaled = value;
  let step = 0;
  while (step < maxSteps && Math.abs(scaled) >= 999.5) {
    scaled /= 1000;
    step += 1;
  }
  return { scaled, step };
}

/** One miss in ten thousand is not "100 %", nor is one hit "0 %". */
function keepEndsApart(ratio: number): number {
  return ratio <= 0 || ratio >= 1 ? ratio : Math.min(0.999, Math.max(0.001, ratio));
}

function knownLocale(locale: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0];
  } catch {
    return undefined;
  }
}
