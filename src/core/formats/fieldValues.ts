import { type IssueFields, mappedFields } from '../issue/issueFields.ts';
import type { FrontMatter } from '../markdown/frontMatter.ts';
import { withLineFeeds } from '../markdown/lineFeeds.ts';
import type { YamlValue } from '../markdown/yamlReader.ts';
import type { TextProblem } from '../textProblem.ts';

/** What stands in front matter under a key; undefined if the key is not there. */
export type FieldValue = YamlValue | undefined;

/** The text of a scalar without the white space around it; undefined for anything else, and if nothing is left. */
export function textOf(value: FieldValue): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

/** The texts of a list; a single text is a list of one. Undefined if there is none. Items that are no scalars or empty are left out. */
export function listOf(value: FieldValue): readonly string[] | undefined {
  const texts: string[] = [];
  for (const item of isList(value) ? value : [value]) {
    const text = textOf(item);
    if (text !== undefined) {
      texts.push(text);
    }
  }
  return texts.length === 0 ? undefined : texts;
}

export function isList(value: FieldValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Says of the first of these keys that has another value than a list that it should have one. @param text with the line of the key */
export function listProblem(values: FrontMatter['values'], keys: readonly string[], text: string): TextProblem | undefined {
  const key = keys.find((each) => !isList(values.get(each) ?? []));
  return key === undefined ? undefined : { line: lineOfKey(text, key), message: `“${key}” must be a list.` };
}

/** The line, counted from 0, on which a key at the left margin stands; 0 if it is not found. */
export function lineOfKey(text: string, key: string): number {
  return Math.max(
    0,
    withLineFeeds(text)
      .split('\n')
      .findIndex((line) => line.startsWith(`${key}:`)),
  );
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:(?:t|[ \t]+)(\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?[ \t]*(z|[-+]\d\d(?::?\d\d)?)?)?$/i;

/**
 * The milliseconds since the epoch of a date, or of a date with a time, as ISO 8601 and YAML write them; undefined for anything else. Without a
 * zone it is in UTC, so that all people see the same.
 */
export function timeOf(value: FieldValue): number | undefined {
  const text = textOf(value);
  const match = text === undefined ? null : TIME.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, date, minutes = '00:00', seconds = '00', fraction = '0', zone = 'Z'] = match;
  const time = Date.parse(`${date}T${minutes}:${seconds}.${fraction.padEnd(3, '0')}${isoZone(zone)}`);
  return Number.isNaN(time) ? undefined : time;
}

/** `+02`, `+0200` and `+02:00` are the same zone; dates are only sure to take the last. */
function isoZone(zone: string): string {
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return zone.length === 1 ? 'Z' : `${zone.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** The value of a number that is written with digits alone; undefined for anything else, and where a number is not exact any more. */
export function wholeNumberOf(text: string | undefined): number | undefined {
  const number = text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Fields without those that are undefined. */
export function fieldsOf(values: { readonly [Name in keyof IssueFields]: IssueFields[Name] | undefined }): IssueFields {
  return mappedFields(values as IssueFields, (value) => value);
}
