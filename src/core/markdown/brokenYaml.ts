import type { TextProblem } from '../textProblem.ts';
import { readSimpleYaml, simpleValue } from './simpleYaml.ts';
import type { YamlReading, YamlValue } from './yamlReader.ts';

/** Where a key at the beginning of a line has its value. */
const KEY_LINE =
  /^(?:"([^"\n]*)"[ \t]*|'([^'\n]*)'[ \t]*|([^\s#"'\-?:,[\]{}&*!|>%@`](?:[^\n:]|:(?![ \t\n]|$))*)):(?=[ \t\n]|$)[ \t]*(.*)/gm;
/** A value that goes on behind its line. */
const OPEN_VALUE = /^(?:[[{][^\]}]*$|[|>][-+\d]*[ \t]*(?:#.*)?$)/;

/**
 * Reads what can be read of YAML with mistakes: each key by itself, so that one mistake spoils no other value. A value that is a mistake is
 * the text on the line of its key.
 *
 * @param source its lines end with line feeds only
 * @param readNested reads what is not simple; where it returns undefined, values over several lines are left out
 */
export function readBrokenYaml(source: string, readNested: (part: string) => YamlReading | undefined): YamlReading {
  const values = new Map<string, YamlValue>();
  const typedKeys = new Set<string>();
  let problem: TextProblem | undefined;
  let line = 0;
  let counted = 0;
  const keys = [...source.matchAll(KEY_LINE)];
  for (const [index, key] of keys.entries()) {
    line += lineFeedsIn(source.slice(counted, key.index));
    counted = key.index;
    const part = source.slice(key.index, keys[index + 1]?.index);
    const reading = readPart(part, key, readNested);
    for (const [name, value] of reading.values) {
      values.set(name, value);
      typedKeys.delete(name);
    }
    for (const name of reading.typedKeys) {
      typedKeys.add(name);
    }
    if (reading.problem !== undefined) {
      // What is missing at the end is missing on the last line.
      problem ??= { ...reading.problem, line: line + Math.min(reading.problem.line, lineFeedsIn(part.trimEnd())) };
    }
  }
  return problem === undefined ? { values, typedKeys } : { values, typedKeys, problem };
}

const NO_KEYS: ReadonlySet<string> = new Set();

/** Reads one key and its value. */
function readPart(
  part: string,
  [, double, single, plain, rest = '']: RegExpMatchArray,
  readNested: (part: string) => YamlReading | undefined,
): YamlReading {
  const reading = readSimpleYaml(part) ?? readNested(part);
  const isOpen = rest === '' || rest.startsWith('#') || OPEN_VALUE.test(rest);
  if (reading !== undefined && (reading.problem === undefined || isOpen)) {
    return reading;
  }
  const values = new Map<string, YamlValue>();
  if (!isOpen) {
    values.set(double ?? single ?? plain?.trimEnd() ?? '', simpleValue(rest.trimEnd()) ?? textOf(rest));
  }
  return { values, typedKeys: NO_KEYS, ...(reading?.problem && { problem: reading.problem }) };
}

/** Without the comment behind it. */
function textOf(rest: string): string {
  return rest.replace(/[ \t]#.*/, '').trim();
}

function lineFeedsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    count++;
  }
  return count;
}
