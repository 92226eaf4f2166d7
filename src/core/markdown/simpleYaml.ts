import type { YamlReading, YamlValue } from './yamlReader.ts';

/*
 * A reader for the YAML that tools and people usually write: keys at the beginning of a line with texts, also folded (`>-`), numbers and lists.
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
const LONGEST_NULL = 4;
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
  return reader.end() ? reader : undefined;
}

class SimpleYaml implements YamlReading {
  readonly values = new Map<string, YamlValue>();
  readonly typedKeys = new Set<string>();
  #key = '';
  /** Whether nothing but a list can be the value of the last key. */
  #mayBeList = false;
  #list: YamlValue[] = [];
  #listIndent = 0;
  /** Folded text goes on with lines that are indented more than this; undefined where there is none. */
  #foldedBehind: number | undefined;
  #foldedText = '';
  #foldedIndent = 0;

  /** Returns false for a line that is not simple. */
  take(line: string): boolean {
    const indent = skipSpaces(line, 0);
    if (this.#foldedBehind !== undefined) {
      if (indent > this.#foldedBehind) {
        return this.#takeFolded(line, indent);
      }
      // A blank line can be a part of folded text.
      if (!this.end() || indent === line.length) {
        return false;
      }
    }
    const first = line.charCodeAt(indent);
    if (indent === line.length || first === HASH) {
      return true;
    }
    if (first === DASH) {
      return line.charCodeAt(indent + 1) === SPACE && this.#takeItem(indent, line.slice(skipSpaces(line, indent + 1)));
    }
    return indent === 0 && this.#takeKey(line, line.indexOf(':'));
  }

  /** Ends folded text. Returns false if it has no line. */
  end(): boolean {
    if (this.#foldedBehind === undefined) {
      return true;
    }
    if (this.#list.length > 0) {
      this.#list[this.#list.length - 1] = this.#foldedText;
    } else {
      this.values.set(this.#key, this.#foldedText);
    }
    this.#foldedBehind = undefined;
    return this.#foldedText !== '';
  }

  #takeKey(line: string, colon: number): boolean {
    const key = line.slice(0, colon);
    if (colon === -1 || !KEY.test(key) || this.values.has(key) || (colon + 1 < line.length && line.charCodeAt(colon + 1) !== SPACE)) {
      return false;
    }
    const source = line.slice(skipSpaces(line, colon + 1));
    this.#key = key;
    this.#mayBeList = source === '' || source.charCodeAt(0) === HASH;
    this.#list = [];
    const value = this.#mayBeList ? null : this.#valueOf(source, 0);
    if (value === undefined) {
      return false;
    }
    this.values.set(key, value);
    if (typeof value === 'string' && source.startsWith(value) && TYPED.test(value)) {
      this.typedKeys.add(key);
    }
    return true;
  }

  #takeItem(indent: number, source: string): boolean {
    const value = source === '' ? undefined : this.#valueOf(source, indent);
    if (!this.#mayBeList || value === undefined || (this.#list.length > 0 && indent !== this.#listIndent)) {
      return false;
    }
    this.#list.push(value);
    this.#listIndent = indent;
    this.values.set(this.#key, this.#list);
    return true;
  }

  #valueOf(source: string, indent: number): YamlValue | undefined {
    if (source !== '>-') {
      return simpleValue(source);
    }
    this.#foldedBehind = indent;
    this.#foldedText = '';
    return '';
  }

  /** Takes a line of folded text. Blank lines, and such as are indented more than the first, are not simple. */
  #takeFolded(line: string, indent: number): boolean {
    const isFirst = this.#foldedText === '';
    if (indent === line.length || !(isFirst || indent === this.#foldedIndent)) {
      return false;
    }
    this.#foldedText = isFirst ? line.slice(indent) : `${this.#foldedText} ${line.slice(indent)}`;
    this.#foldedIndent = indent;
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
  if (INDICATOR.test(text) || (text.includes(':') && (text.includes(': ') || text.endsWith(':')))) {
    return undefined;
  }
  return text.length <= LONGEST_NULL && NULL.test(text) ? null : text;
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
