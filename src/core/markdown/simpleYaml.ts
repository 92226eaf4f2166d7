import type { YamlReading, YamlValue } from './yamlReader.ts';

/*
 * A reader for the YAML that tools and people usually write: keys at the beginning of a line with texts, numbers and lists of one level.
 * It is thirty times as fast as the library. What it is not sure about it leaves to the library.
 */

const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;

/** Tabs and whatever else may be white space or a mistake for YAML; line feeds are not. */
const UNUSUAL_CHARACTER = /[^\P{Cc}\n]|[\u2028\u2029\ufeff]/u;
const KEY = /^(?!(?:null|true|false)$)[a-z_][\w.-]{0,99}$/i;
/** What no plain text begins with. A dash is let pass where it is part of a word. */
const INDICATOR = /^(?:[?:,[\]{}#&*!|>'"%@`]|-(?:[ -]|$))/;
const DOUBLE_QUOTED = /^"((?:[^"\\]|\\["\\/nt])*)"(?: +#.*)?$/;
const SINGLE_QUOTED = /^'((?:[^']|'')*)'(?: +#.*)?$/;
/** An item of a list in brackets, and what ends it. */
const FLOW_ITEM =
  / *(?:"([^"\\]*)"|'((?:[^']|'')*)'|([^ \-?:,[\]{}#&*!|>'"%@`](?:[^ :,[\]{}#]|:(?=[^ ,[\]{}])| +(?=[^ :,[\]{}#])| +:(?=[^ ,[\]{}]))*)) *([,\]])/y;
const AFTER_VALUE = /^ *(?: #.*)?$/;
const NULL = /^(?:~|[Nn]ull|NULL)$/;
/** A boolean or a number of YAML's core schema. */
const TYPED =
  /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/;

/** Reads a mapping exactly as the library does; undefined if it is not that simple. @param source its lines end with line feeds only */
export function readSimpleYaml(source: string): YamlReading | undefined {
  if (UNUSUAL_CHARACTER.test(source)) {
    return undefined;
  }
  const reader = new SimpleYaml();
  for (let start = 0; start < source.length; ) {
    const lineFeed = source.indexOf('\n', start);
    const end = lineFeed === -1 ? source.length : lineFeed;
    if (!reader.take(source.slice(start, end))) {
      return undefined;
    }
    start = end + 1;
  }
  return reader;
}

class SimpleYaml implements YamlReading {
  readonly values = new Map<string, YamlValue>();
  readonly typedKeys = new Set<string>();
  /** The last key, as long as nothing but a list can be its value. */
  #keyOfList: string | undefined;
  #list: YamlValue[] = [];
  #listIndent = 0;

  /** Returns false for a line that is not simple. */
  take(line: string): boolean {
    const indent = skipSpaces(line, 0);
    const first = line.charCodeAt(indent);
    if (indent === line.length || first === HASH) {
      return true;
    }
    if (first === DASH) {
      return line.charCodeAt(indent + 1) === SPACE && this.#takeItem(indent, line.slice(skipSpaces(line, indent + 1)));
    }
    return indent === 0 && this.#takeKey(line, line.indexOf(':'));
  }

  #takeKey(line: string, colon: number): boolean {
    const key = line.slice(0, colon);
    if (colon === -1 || !KEY.test(key) || this.values.has(key)) {
      return false;
    }
    if (colon + 1 < line.length && line.charCodeAt(colon + 1) !== SPACE) {
      return false;
    }
    const source = line.slice(skipSpaces(line, colon + 1));
    const isMissing = source === '' || source.charCodeAt(0) === HASH;
    const value = isMissing ? null : simpleValue(source);
    if (value === undefined) {
      return false;
    }
    this.values.set(key, value);
    this.#keyOfList = isMissing ? key : undefined;
    this.#list = [];
    if (typeof value === 'string' && TYPED.test(value) && source.startsWith(value)) {
      this.typedKeys.add(key);
    }
    return true;
  }

  #takeItem(indent: number, source: string): boolean {
    const value = source === '' ? undefined : simpleValue(source);
    if (this.#keyOfList === undefined || value === undefined || (this.#list.length > 0 && indent !== this.#listIndent)) {
      return false;
    }
    this.#list.push(value);
    this.#listIndent = indent;
    this.values.set(this.#keyOfList, this.#list);
    return true;
  }
}

/** Reads a value on one line, with the comment behind it, if any; undefined if it is not simple. */
export function simpleValue(source: string): YamlValue | undefined {
  switch (source[0]) {
    case '[':
      return flowList(source);
    case '"': {
      const [, text] = DOUBLE_QUOTED.exec(source) ?? [];
      return text?.includes('\\') ? JSON.parse(`"${text}"`) : text;
    }
    case "'":
      return SINGLE_QUOTED.exec(source)?.[1]?.replaceAll("''", "'");
    default:
      return plainScalar(source);
  }
}

function plainScalar(source: string): string | null | undefined {
  const comment = source.indexOf(' #');
  const text = withoutSpacesBehind(comment === -1 ? source : source.slice(0, comment));
  if (INDICATOR.test(text) || text.includes(': ') || text.endsWith(':')) {
    return undefined;
  }
  return NULL.test(text) ? null : text;
}

function flowList(source: string): YamlValue | undefined {
  const items: YamlValue[] = [];
  let end = skipSpaces(source, 1);
  if (source[end] === ']') {
    return AFTER_VALUE.test(source.slice(end + 1)) ? items : undefined;
  }
  for (let next = ','; next === ','; ) {
    FLOW_ITEM.lastIndex = end;
    const [all, double, single, plain, behind] = FLOW_ITEM.exec(source) ?? [];
    if (all === undefined || behind === undefined) {
      return undefined;
    }
    items.push(plain === undefined ? (double ?? single?.replaceAll("''", "'") ?? null) : NULL.test(plain) ? null : plain);
    end += all.length;
    next = behind;
  }
  return AFTER_VALUE.test(source.slice(end)) ? items : undefined;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) {
    at++;
  }
  return at;
}

function withoutSpacesBehind(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === SPACE) {
    end--;
  }
  return text.slice(0, end);
}
