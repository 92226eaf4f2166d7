import { readBrokenYaml } from './brokenYaml.ts';
import { withLineFeeds } from './lineFeeds.ts';
import { CONFLICT_START, firstSideOf } from './mergeConflicts.ts';
import { readSimpleYaml } from './simpleYaml.ts';
import { isYamlLoaded, readYaml, type YamlReading } from './yamlReader.ts';

const BYTE_ORDER_MARK = 0xfeff;
const YAML_MARK = '---';
const TOML_MARK = '+++';
/** In UTF-16 code units. The library's time can grow with the square of a text's length. Of longer front matter the beginning is read. */
const MAX_LIBRARY_LENGTH = 16 * 1024;
const NO_LIBRARY = () => undefined;

/** The front matter of a text. */
export interface FrontMatter extends YamlReading {
  /** `toml` (`+++`) is recognized and not read. */
  readonly kind: 'none' | 'yaml' | 'toml';
}

const NO_VALUES: Omit<FrontMatter, 'kind'> = { values: new Map(), typedKeys: new Set() };
const NONE: FrontMatter = { ...NO_VALUES, kind: 'none' };
const TOML: FrontMatter = { ...NO_VALUES, kind: 'toml' };

/**
 * Where the byte order mark and the front matter end: a first line `---` (YAML) or `+++` (TOML) and all up to the next such line. A block
 * without an end is none; its first line is a thematic break, or text.
 *
 * @param text its lines end with line feeds only
 */
export function bodyStart(text: string): number {
  const start = textStart(text);
  const mark = markAt(text, start);
  if (mark === undefined) {
    return start;
  }
  for (let lineFeed = text.indexOf('\n', start); lineFeed !== -1; lineFeed = text.indexOf(`\n${mark}`, lineFeed + 1)) {
    if (markAt(text, lineFeed + 1) === mark) {
      return lineEndFrom(text, lineFeed + 1);
    }
  }
  return start;
}

function textStart(text: string): number {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
}

/** The mark that is the line that begins here, if it is one; white space behind it is let pass. */
function markAt(text: string, lineStart: number): string | undefined {
  const mark = [YAML_MARK, TOML_MARK].find((each) => text.startsWith(each, lineStart));
  return mark !== undefined && text.slice(lineStart, lineEndFrom(text, lineStart)).trimEnd() === mark ? mark : undefined;
}

function lineEndFrom(text: string, from: number): number {
  const lineFeed = text.indexOf('\n', from);
  return lineFeed === -1 ? text.length : lineFeed;
}

/**
 * Reads front matter. What YAML cannot read is read as far as people would understand it, see {@link readBrokenYaml}. Of a conflict that a
 * merge has left, the first side is read. The line of a problem is one of the whole text. Never throws because of the text.
 *
 * The YAML library must have been loaded (`loadYaml`), else values that need it are missing: those that are nested or go over several lines.
 *
 * @param content the text as it is: byte order mark and all line endings are coped with
 * @param mended makes YAML of what a tool writes that is none; it must keep the lines
 */
export function readFrontMatter(content: string, mended: (block: string) => string = (block) => block): FrontMatter {
  const text = withLineFeeds(content);
  const start = textStart(text);
  const end = bodyStart(text);
  if (end === start) {
    return NONE;
  }
  if (text.startsWith(TOML_MARK, start)) {
    return TOML;
  }
  // A copy, because values that are slices would keep the whole text alive.
  const block = Buffer.from(text.slice(lineEndFrom(text, start) + 1, text.lastIndexOf('\n', end - 1) + 1)).toString();
  const { problem, ...reading } = readSource(mended(block.includes(CONFLICT_START) ? firstSideOf(block) : block), 'The front matter');
  return { kind: 'yaml', ...reading, ...(problem && { problem: { ...problem, line: problem.line + 1 } }) };
}

/**
 * Reads a configuration as front matter is read, see {@link readFrontMatter}: one mistake spoils no other value, and a long text makes nobody
 * wait. A conflict that a merge has left is a problem.
 *
 * @param content the text as it is: byte order mark and all line endings are coped with
 */
export function readYamlFile(content: string): YamlReading {
  const text = withLineFeeds(content);
  const source = text.slice(textStart(text));
  const conflict = source.indexOf(CONFLICT_START);
  if (conflict === -1) {
    return readSource(source, 'The file');
  }
  const problem = { line: source.slice(0, conflict).split('\n').length - 1, message: 'A merge has left conflict markers here.' };
  return { ...readSource(firstSideOf(source), 'The file'), problem };
}

/** @param name of what is read, for messages */
function readSource(source: string, name: string): YamlReading {
  const simple = readSimpleYaml(source);
  if (simple !== undefined) {
    return simple;
  }
  if (source.length > MAX_LIBRARY_LENGTH) {
    const beginning = source.slice(0, source.lastIndexOf('\n', MAX_LIBRARY_LENGTH) + 1);
    return { ...readBrokenYaml(beginning, NO_LIBRARY), problem: { line: 0, message: `${name} is too long to be read as YAML.` } };
  }
  if (!isYamlLoaded()) {
    return readBrokenYaml(source, NO_LIBRARY);
  }
  const reading = readYaml(source);
  if (reading.problem === undefined) {
    return reading;
  }
  const broken = readBrokenYaml(source, readYaml);
  return broken.values.size === 0 ? reading : { problem: reading.problem, ...broken };
}
