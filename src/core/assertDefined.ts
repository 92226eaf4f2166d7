/** For what the code around it guarantees to be there and the types cannot express. @throws TypeError if it is not: a defect. */
export function assertDefined<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new TypeError('A value that must be there is missing.');
  }
  return value;
}
