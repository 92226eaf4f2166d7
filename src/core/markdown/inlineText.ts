import { HTML_TAG } from './htmlBlocks.ts';

/**
 * The text that is seen of a line of markdown (CommonMark 6): without backslash escapes, code marks, asterisks of emphasis, comments, tags
 * that GitHub shows as formatting, and the addresses of links, images and autolinks; entities are the characters that they mean.
 *
 * What could mean itself stays: underscores (`snake_case`, `__init__`), asterisks between digits (`2*3*4`) and at slashes, as in globs,
 * brackets without an address or right behind a word (`map[key](value)`), tags of other names (`Vec<T>`), and strike-through, without which
 * the text would claim the opposite.
 *
 * @param source of a limited length: brackets and asterisks that find no partner are looked at again and again
 */
export function inlineText(source: string): string {
  return MARKUP.test(source) ? new InlineReader(source).read() : source;
}

/** A run of asterisks that can be emphasis, as it stood in the source. */
interface AsteriskRun {
  readonly length: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
}

/** A piece of the text. What turns out to be markup becomes empty. */
interface Piece {
  text: string;
  run?: AsteriskRun | undefined;
  /** On a bracket behind which the text of a link or an image may begin. A link inside of a link makes the outer one text. */
  bracket?: 'link' | 'image' | 'text' | undefined;
}

const MARKUP = /[*`[\\<&]/;
const PLAIN = /[^\\`<&![\]*]+/y;
/** A backslash at the end of a line is a line break (6.7). */
const ESCAPE = /\\([!-/:-@[-`{-~\n])/y;
const TICKS = /`+/g;
const OPENING_BRACKET = /!?\[/y;
const ASTERISKS = /\*+/y;
const WHITE_SPACE = /^\s?$/;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const AUTOLINK = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)>/iy;
/** Comments, processing instructions, declarations and CDATA (6.6). */
const UNSEEN = /<!--(?:>|->|[\s\S]*?-->)|<\?[\s\S]*?\?>|<![a-z][^>]*>|<!\[CDATA\[[\s\S]*?\]\]>/iy;
const TAG = new RegExp(HTML_TAG, 'iy');
const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,31}));/y;
/** The address of a link with its title, at most two parentheses deep. */
const ADDRESS =
  /\(\s*(?:<(?:[^<>\n\\]|\\.)*>|(?!<)(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*\))*)(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)/y;

const SPACE = 32;
const LINE_BREAKS = new Set(['br', 'BR']);
/** Elements whose tags are formatting. In lower case, as people write them: `<T>` and `<Link>` are somebody's types. */
const FORMATTING = new Set(
  'a abbr b bdi bdo big br cite code del dfn em font i img ins kbd mark picture q s samp small source span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', reg: '®', trade: '™', hellip: '…', mdash: '—' },
  ...{ ndash: '–', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', bull: '•', middot: '·', times: '×' },
  ...{ deg: '°', plusmn: '±', euro: '€', pound: '£', sect: '§', larr: '←', rarr: '→', uarr: '↑', darr: '↓', harr: '↔' },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç' },
};

class InlineReader {
  readonly #source: string;
  readonly #pieces: Piece[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): string {
    while (this.#at < this.#source.length) {
      this.#readPiece();
    }
    this.#takeEmphasis(0);
    return this.#pieces.map(({ text }) => text).join('');
  }

  #readPiece(): void {
    switch (this.#source.charAt(this.#at)) {
      case '\\':
        this.#push(this.#match(ESCAPE)?.[1]);
        break;
      case '`':
        this.#readCode();
        break;
      case '<':
        this.#push(this.#match(AUTOLINK)?.[1] ?? (this.#match(UNSEEN) ? '' : this.#readTag()));
        break;
      case '&':
        this.#push(this.#readEntity());
        break;
      case '*':
        this.#readAsterisks();
        break;
      case '!':
      case '[':
        this.#openBracket();
        break;
      case ']':
        this.#closeBracket();
        break;
      default:
        this.#push(this.#match(PLAIN)?.[0]);
    }
  }

  /** Adds what a match has made of the source, or the next character as it is. */
  #push(text?: string): void {
    this.#pieces.push({ text: text ?? this.#source.charAt(this.#at++) });
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source) ?? undefined;
    this.#at += match?.[0].length ?? 0;
    return match;
  }

  /** A code span up to as many backticks as it begins with (6.1), or those backticks. */
  #readCode(): void {
    TICKS.lastIndex = this.#at;
    const opening = TICKS.exec(this.#source)?.[0] ?? '';
    const start = this.#at + opening.length;
    let closing = TICKS.exec(this.#source);
    while (closing !== null && closing[0].length !== opening.length) {
      closing = TICKS.exec(this.#source);
    }
    this.#at = closing === null ? start : TICKS.lastIndex;
    this.#push(closing === null ? opening : codeText(this.#source.slice(start, closing.index)));
  }

  #readTag(): string | undefined {
    const tag = this.#match(TAG)?.[0];
    const name = tag === undefined ? undefined : /[a-z][a-z0-9-]*/i.exec(tag)?.[0];
    if (name === undefined) {
      return undefined;
    }
    return LINE_BREAKS.has(name) ? ' ' : FORMATTING.has(name) ? '' : tag;
  }

  #readEntity(): string | undefined {
    const match = this.#match(ENTITY);
    if (match === undefined) {
      return undefined;
    }
    const [all, decimal, hexadecimal, name = ''] = match;
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    if (Number.isNaN(code)) {
      return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : all;
    }
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : '\ufffd';
  }

  #readAsterisks(): void {
    const before = lastCharacter(this.#source.slice(0, this.#at));
    const text = this.#match(ASTERISKS)?.[0] ?? '';
    const after = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? SPACE);
    this.#pieces.push({ text, run: runBetween(before, after, text.length) });
  }

  #openBracket(): void {
    const text = this.#match(OPENING_BRACKET)?.[0];
    if (text === undefined) {
      this.#push();
      return;
    }
    const isCall = /[\w)\]]/.test(this.#source.charAt(this.#at - 2));
    this.#pieces.push({ text, bracket: text === '![' ? 'image' : isCall ? 'text' : 'link' });
  }

  /** Takes away the brackets and the address of a link or an image, if this is the end of its text (6.3, 6.4). */
  #closeBracket(): void {
    const index = this.#pieces.findLastIndex(({ bracket }) => bracket !== undefined);
    const opening = this.#pieces[index];
    this.#at++;
    if (opening === undefined || opening.bracket === 'text' || this.#match(ADDRESS) === undefined) {
      this.#pieces.push({ text: ']' });
    } else {
      opening.text = '';
      this.#takeEmphasis(index + 1);
      for (const outer of opening.bracket === 'link' ? this.#pieces.slice(0, index) : []) {
        outer.bracket &&= outer.bracket === 'link' ? 'text' : outer.bracket;
      }
    }
    if (opening !== undefined) {
      opening.bracket = undefined;
    }
  }

  /** Takes away the asterisks behind this place that are emphasis (6.2); the others are text from then on. */
  #takeEmphasis(from: number): void {
    const open: Piece[] = [];
    for (const piece of this.#pieces.slice(from)) {
      while (piece.run?.canClose && piece.text !== '') {
        const index = open.findLastIndex((opening) => isPair(opening.run, piece.run));
        const opening = open[index];
        if (opening === undefined) {
          break;
        }
        const count = Math.min(2, opening.text.length, piece.text.length);
        opening.text = opening.text.slice(count);
        piece.text = piece.text.slice(count);
        open.length = opening.text === '' ? index : index + 1;
      }
      if (piece.run?.canOpen && piece.text !== '') {
        open.push(piece);
      }
    }
    for (const piece of this.#pieces.slice(from)) {
      piece.run = undefined;
    }
  }
}

/** Which way asterisks between these characters can be read (6.2, left- and right-flanking); undefined if they are no emphasis at all. */
function runBetween(before: string, after: string, length: number): AsteriskRun | undefined {
  if (before === '/' || after === '/' || (/\d/.test(before) && /\d/.test(after))) {
    return undefined;
  }
  const touches = (inside: string, outside: string) =>
    !WHITE_SPACE.test(inside) && (!PUNCTUATION.test(inside) || WHITE_SPACE.test(outside) || PUNCTUATION.test(outside));
  return { length, canOpen: touches(after, before), canClose: touches(before, after) };
}

/** Whether these two can be the ends of emphasis. Lengths that make three together would split a run in the wrong place. */
function isPair(opening: AsteriskRun | undefined, closing: AsteriskRun | undefined): boolean {
  if (opening === undefined || closing === undefined) {
    return false;
  }
  const isEither = opening.canClose || closing.canOpen;
  return !isEither || (opening.length + closing.length) % 3 !== 0 || (opening.length % 3 === 0 && closing.length % 3 === 0);
}

/** White space at the ends that is there to keep backticks off the marks goes, one character each (6.1). */
function codeText(source: string): string {
  const line = source.replaceAll('\n', ' ');
  return /^ .*[^ ].* $/.test(line) ? line.slice(1, -1) : line;
}

/** Empty for an empty text. */
function lastCharacter(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? '';
}
