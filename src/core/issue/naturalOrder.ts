const ZERO = 48;
const NINE = 57;
const UPPER_A = 65;
const UPPER_Z = 90;

/**
 * The order in which people count: `task-2` before `task-10`. Digits beside each other are one number, everything else is compared by code
 * unit, and what differs only in leading zeros by its code units, too, so that the order is total and the same on every machine.
 *
 * Digits right in front of a capital letter are compared one by one, as they are in ULIDs (`01K2799J…`), whose order is that of time.
 */
export function compareNaturally(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let common = 0;
  while (common < shorter && a.charCodeAt(common) === b.charCodeAt(common)) {
    common++;
  }
  const areDigits = isDigitAt(a, common) && isDigitAt(b, common);
  if (common < shorter && !areDigits && !isDigitAt(a, common - 1)) {
    return a.charCodeAt(common) - b.charCodeAt(common);
  }
  // The names begin to differ in a number or right behind one.
  let start = common;
  while (isDigitAt(a, start - 1)) {
    start--;
  }
  return compareFrom(start, a, b);
}

function compareFrom(start: number, a: string, b: string): number {
  let inA = start;
  let inB = start;
  while (inA < a.length && inB < b.length) {
    const endInA = numberEnd(a, inA);
    const endInB = numberEnd(b, inB);
    const order = endInA > inA && endInB > inB ? compareNumbers(a, inA, endInA, b, inB, endInB) : a.charCodeAt(inA) - b.charCodeAt(inB);
    if (order !== 0) {
      return order;
    }
    inA = Math.max(inA + 1, endInA);
    inB = Math.max(inB + 1, endInB);
  }
  return Number(inA < a.length) - Number(inB < b.length) || Number(a > b) - Number(a < b);
}

/** Where the number ends that begins here; the position itself if none does. */
function numberEnd(name: string, from: number): number {
  let end = from;
  while (isDigitAt(name, end)) {
    end++;
  }
  const next = end > from && end < name.length ? name.charCodeAt(end) : ZERO;
  return next >= UPPER_A && next <= UPPER_Z ? from + 1 : end;
}

function compareNumbers(a: string, startInA: number, endInA: number, b: string, startInB: number, endInB: number): number {
  let inA = withoutZeros(a, startInA, endInA);
  let inB = withoutZeros(b, startInB, endInB);
  const byLength = endInA - inA - (endInB - inB);
  while (byLength === 0 && inA < endInA) {
    const byDigit = a.charCodeAt(inA++) - b.charCodeAt(inB++);
    if (byDigit !== 0) {
      return byDigit;
    }
  }
  return byLength;
}

function withoutZeros(name: string, start: number, end: number): number {
  let position = start;
  while (position < end && name.charCodeAt(position) === ZERO) {
    position++;
  }
  return position;
}

/** False beyond the ends of the name, where it is not asked for a character: that would take the engine much longer. */
function isDigitAt(name: string, position: number): boolean {
  if (position < 0 || position >= name.length) {
    return false;
  }
  const code = name.charCodeAt(position);
  return code >= ZERO && code <= NINE;
}
