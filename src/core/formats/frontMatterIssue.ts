import { type IssueFields, NO_FIELDS } from '../issue/issueFields.ts';
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
  links: listOf,
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
 * @param understood makes of the keys and values that are written what the tool takes them for, e.g. keys without case
 */
export function readFrontMatterIssue(
  content: string,
  keys: FieldKeys,
  understood: (values: FrontMatter['values']) => FrontMatter['values'] = (values) => values,
): FrontMatterIssue {
  const written = readFrontMatter(content);
  const outline = outlineOf(content, written);
  const frontMatter = written.kind === 'none' ? written : { ...written, values: understood(written.values) };
  const fields = fieldsByKeys(frontMatter.values, keys);
  const { progress, hasConflict } = outline;
  const { problem } = frontMatter;
  const read = { fields, progress, hasConflict };
  return { frontMatter, outline, read: problem === undefined ? read : { ...read, problem } };
}

function fieldsByKeys(values: FrontMatter['values'], keys: FieldKeys): IssueFields {
  if (values.size === 0) {
    return NO_FIELDS;
  }
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(keys) as ReadField[]) {
    fields[name] = firstValue<unknown>(values, keys[name] ?? [], READERS[name]);
  }
  return fieldsOf(fields);
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
