import type { YAMLError } from 'yaml';

type Message = string | ((message: string, text: string) => string);

/** What people can do about a mistake. The library's own messages speak of tokens and nodes. */
const MESSAGES: Readonly<Partial<Record<YAMLError['code'], Message>>> = {
  BAD_ALIAS: 'A name is missing behind "&" or "*". Put the value in quotes if it is text.',
  BAD_DQ_ESCAPE: (_, text) => `"${text.slice(0, 2)}" cannot be used in double quotes. Write "\\\\" for a backslash.`,
  BAD_INDENT: (message) =>
    /^Flow/.test(message) ? 'A closing bracket is missing.' : 'This line is not indented like the lines that it belongs to.',
  BAD_SCALAR_START: (_, text) => `A value that begins with "${text[0]}" must be in quotes.`,
  BLOCK_AS_IMPLICIT_KEY: 'A value with a colon must be in quotes.',
  BLOCK_IN_FLOW: 'This must be on one line, or without brackets.',
  DUPLICATE_KEY: (_, text) => `The key "${/^[^:\n]*/.exec(text.trimStart())?.[0].trim()}" appears more than once.`,
  KEY_OVER_1024_CHARS: 'This key is too long.',
  MISSING_CHAR: (message) => {
    if (/quote$/.test(message)) {
      return 'A closing quote is missing.';
    }
    return /^Implicit map keys/.test(message) ? 'A colon and a value are missing.' : 'A space, a comma or a colon is missing.';
  },
  MULTILINE_IMPLICIT_KEY: 'This line is indented too far, or a colon is missing.',
  MULTIPLE_DOCS: 'The YAML ends above this line.',
  RESOURCE_EXHAUSTION: 'This is nested too deeply.',
  TAB_AS_INDENT: 'Tabs cannot be used for indentation. Use spaces.',
  UNEXPECTED_TOKEN: (message) =>
    /block-seq-ind/.test(message) ? 'A list must begin on a line of its own.' : 'Unexpected text. Put the whole value in quotes.',
};

/** A short sentence about the first of several mistakes. */
export function yamlMessage({ code, message, pos: [at] }: YAMLError, errors: readonly YAMLError[], source: string): string {
  // A line that is indented too far looks like a part of the value above it, to which a colon does no harm.
  const isIndented =
    code === 'BLOCK_AS_IMPLICIT_KEY' && errors.some((error) => error.code === 'MULTILINE_IMPLICIT_KEY' && error.pos[0] === at);
  const text = MESSAGES[isIndented ? 'MULTILINE_IMPLICIT_KEY' : code];
  return typeof text === 'function' ? text(message, source.slice(at)) : (text ?? 'This cannot be read as YAML.');
}
