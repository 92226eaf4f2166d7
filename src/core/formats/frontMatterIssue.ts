import type { IssueFields } from '../issue/issueFields.ts';
import { type FrontMatter, readFrontMatter } from '../markdown/frontMatter.ts';
import { type IssueOutline, outlineOf } from '../markdown/issueMarkdown.ts';
import type { YamlValue } from '../markdown/yamlReader.ts';
import { type FieldValue, fieldsOf, listOf, textOf, timeOf } from './fieldValues.ts';
import type { Description } from './storeFormat.ts';

/** The values of fields as front matter writes them. */
const READERS = {
  status: textOf,
  priority: textOf,
  labels: listOf,
  assignees: listOf,
  type: textOf,
  parent: textOf,
  dependencies: listOf,
  blocks: listOf,
  milestone: textOf,
  created: timeOf,
  updated: timeOf,
  due: textOf,
  order: textOf,
} satisfies { readonly [Name in keyof IssueFields]: (value: FieldValue) => IssueFields[Name] | undefined };

type ReadField = keyof typeof READERS;

/** For each field that a format has, the keys where it can stand. Of several the first that has a value counts. */
export type FieldKeys = { readonly [Name in ReadField]?: readonly string[] };

/** An issue whose fields are front matter, as far as it is read alike in all formats. */
export interface FrontMatterIssue {
  readonly frontMatter: FrontMatter;
  readonly outline: IssueOutline;
  /** What goes into the description of the issue as it is. */
  readonly read: Pick<Description, 'fields' | 'progress' | 'hasConflict' | 'problem'>;
}

/**
 * Reads an issue. The YAML parser must be loaded.
 *
 * @param content the file's text as it is
 * @param withKeys makes other keys of those that are written, e.g. without case
 */
export function readFrontMatterIssue(
  content: string,
  keys: FieldKeys,
  withKeys: (values: FrontMatter['values']) => FrontMatter['values'] = (values) => values,
): FrontMatterIssue {
  const written = readFrontMatter(content);
  const outline = outlineOf(content, written);
  const frontMatter = { ...written, values: withKeys(written.values) };
  const fields = fieldsByKeys(frontMatter.values, keys);
  const { progress, hasConflict } = outline;
  const { problem } = frontMatter;
  return { frontMatter, outline, read: { fields, progress, hasConflict, ...(problem !== undefined && { problem }) } };
}

function fieldsByKeys(values: FrontMatter['values'], keys: FieldKeys): IssueFields {
  const names = Object.keys(keys) as ReadField[];
  return fieldsOf(Object.fromEntries(names.map((name) => [name, firstValue<unknown>(values, keys[name] ?? [], READERS[name])])));
}

/** The value of the first of these keys that has one. */
export function firstValue<Value>(
  values: ReadonlyMap<string, YamlValue>,
  keys: readonly string[],
  read: (value: FieldValue) => Value | undefined,
): Value | undefined {
  for (const key of keys) {
    const value = read(values.get(key));
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}
