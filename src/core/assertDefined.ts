/** For values that the surrounding code guarantees and the types cannot express. @throws TypeError if undefined: a defect. */
export function assertDefined<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new TypeError('A value that must be there is missing.');
  }
  return value;
}
