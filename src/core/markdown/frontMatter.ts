import type { TextProblem } from '../textProblem.ts';
import { readYaml, type YamlValue } from './yamlReader.ts';

const BYTE_ORDER_MARK = 0xfeff;
const MARK = '---';

/**
 * Where the byte order mark and the front matter end: a first line `---` and all up to the next such line. A block without an end is none; its
 * first line is a thematic break.
 *
 * @param text its lines end with line feeds only
 */
export function bodyStart(text: string): number {
  const start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  if (markEnd(text, start) === undefined) {
    return start;
  }
  for (let lineFeed = text.indexOf('\n', start); lineFeed !== -1; lineFeed = text.indexOf(`\n${MARK}`, lineFeed + 1)) {
    const end = markEnd(text, lineFeed + 1);
    if (end !== undefined) {
      return end;
    }
  }
  return start;
}

/** Where the line ends that begins here, if it is `---`; white space behind it is let pass. */
function markEnd(text: string, lineStart: number): number | undefined {
  if (!text.startsWith(MARK, lineStart)) {
    return undefined;
  }
  const lineFeed = text.indexOf('\n', lineStart);
  const lineEnd = lineFeed === -1 ? text.length : lineFeed;
  return text.slice(lineStart, lineEnd).trimEnd() === MARK ? lineEnd : undefined;
}

/** The line with the title, and the lines that go on with it because they are indented or blank. */
const TITLE = /^(?:title|"title"|'title')[ \t]*:(?=[ \t\n])(.*(?:\n(?:[ \t].*)?)*)/m;
/** Keys on lines of their own. */
const NESTED = /^\s*\n\s*[^\s"'|>][^\n]*?:(?:\s|$)/;
const BLOCK = /^[|>][-+0-9]*(?:[ \t]+#.*)?(?:\n|$)/;
const DOUBLE_QUOTED = /^"((?:[^"\\]|\\[\s\S])*)"\s*(?:#.*)?$/;
const SINGLE_QUOTED = /^'((?:[^']|'')*)'\s*(?:#.*)?$/;
/** What YAML's core schema reads as null, a boolean or a number, or what begins something that is no plain text. */
const NO_STRING =
  /^(?:~|null|true|false|[-+]?(?:\.inf|\.nan|\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+|0x[\da-f]+|0o[0-7]+)|[[\]{},&*!|>%@`#].*|[-?:](?:\s.*)?)$/is;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v' };

/**
 * The string that stands under `title` in front matter, as YAML reads it; undefined for anything but a string, and where there is none.
 *
 * @param block the front matter, its lines ended by line feeds only
 */
export function frontMatterTitle(block: string): string | undefined {
  const source = TITLE.exec(block)?.[1] ?? '';
  const value = source.trim();
  if (value === '' || NESTED.test(source)) {
    return undefined;
  }
  const [header] = BLOCK.exec(value) ?? [];
  if (header !== undefined) {
    return value.slice(header.length);
  }
  const [, double] = DOUBLE_QUOTED.exec(value) ?? [];
  const [, single] = SINGLE_QUOTED.exec(value) ?? [];
  if (double !== undefined) {
    return unescaped(double);
  }
  return single?.replaceAll("''", "'") ?? plainScalar(value);
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|\n\s*|([\s\S]))/g,
    (_, byte, short, long, sign: string = '') => {
      const code = Number.parseInt(byte ?? short ?? long, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : (ESCAPES[sign] ?? sign);
    },
  );
}

/** Without the comment behind it. A colon inside is let pass, which people forget to quote. */
function plainScalar(value: string): string | undefined {
  const text = value.replace(/\s#.*$/gm, '').trim();
  return NO_STRING.test(text) || /^["']/.test(text) ? undefined : text;
}

/** The front matter of a text. */
export interface FrontMatter {
  /** `toml` (`+++`) is recognized and not read. */
  readonly kind: 'none' | 'yaml' | 'toml';
  /** The keys as they are written, as far as they can be read. */
  readonly values: ReadonlyMap<string, YamlValue>;
  /** Of the text, not of the block. */
  readonly problem?: TextProblem;
}

const NO_VALUES: ReadonlyMap<string, YamlValue> = new Map();

/** Reads front matter. The parser must be loaded. @param text its lines end with line feeds only */
export function readFrontMatter(text: string): FrontMatter {
  const end = bodyStart(text);
  const block = text.slice(0, end).replace(/^\ufeff/, '');
  if (block === '') {
    return { kind: 'none', values: NO_VALUES };
  }
  const firstLineEnd = block.indexOf('\n');
  const source = block.slice(firstLineEnd + 1, block.lastIndexOf('\n') + 1);
  const { values, problem } = readYaml(source);
  return problem === undefined ? { kind: 'yaml', values } : { kind: 'yaml', values, problem: { ...problem, line: problem.line + 1 } };
}
