import { IssueError } from './issueErrors.ts';

/** What the name of an issue's file ends with, in exactly this case. */
export const ISSUE_EXTENSION = '.md';

/** The highest number that six digits can hold. */
export const MAX_ISSUE_NUMBER = 999_999;

/** How many characters (code points) {@link sanitizeIssueName} leaves of a name. */
export const MAX_NAME_LENGTH = 100;
/**
 * How many bytes of UTF-8 it leaves: what fits with a number and the extension in the 255 that most file systems have for a name. The
 * temporary names that are made beside it have a length of their own.
 */
const MAX_NAME_BYTES = 255 - '000000_.md'.length;

/** What an id says. */
export interface ParsedIssueId {
  readonly id: string;
  /** 0 to {@link MAX_ISSUE_NUMBER}; undefined for an unnumbered id. */
  readonly number?: number;
  /** The id without its number: empty for a nameless id such as `000012`, the whole id for an unnumbered one. */
  readonly name: string;
}

const CONFLICTED_COPY =
  /^(.+?)(?: \((?:[^()]* )?conflicted copy(?: [^()]*)?\)|\.sync-conflict-\d{8}-\d{6}-[A-Z0-9]{7}|_conflict-\d{8}-\d{6})$/s;
const NUMBER_DIGITS = 6;
const HASH = 35;
const DOT = 46;
const ZERO = 48;
const UNDERSCORE = 95;
const UNNAMED = 'unnamed';
const FILE_SUFFIX = '_file';
const HIDDEN_PREFIX = 'hidden_';

/**
 * The id of the issue in this file: the stem of any `*.md` file, hidden ones such as `.draft.md` among them. Undefined for every other
 * file, for `.md` alone, whose id would be empty, for `x.MD`, whose path could not be made of its id again, and for what other programs
 * keep beside a file of that name; see {@link isIssueId}.
 *
 * @param fileName the name of the file without its folder
 */
export function issueIdOfFile(fileName: string): string | undefined {
  if (!fileName.endsWith(ISSUE_EXTENSION)) {
    return undefined;
  }
  const id = fileName.slice(0, -ISSUE_EXTENSION.length);
  return isIssueId(id) ? id : undefined;
}

/**
 * Whether a file with this stem can be an issue. `.#x` is the link by which Emacs locks `x`, and in `._x` macOS keeps the attributes of `x`
 * on disks that have no place for them. What else editors leave behind (`x.md~`, `#x.md#`, `.x.md.swp`) does not end in `.md`.
 */
export function isIssueId(stem: string): boolean {
  const second = stem.charCodeAt(0) === DOT ? stem.charCodeAt(1) : undefined;
  return stem !== '' && second !== HASH && second !== UNDERSCORE;
}

/**
 * The id of the issue that a sync program has made this copy of, because two machines have changed it: Dropbox and Nextcloud
 * (`x (conflicted copy 2025-08-01)`, `x (Ann's conflicted copy 2025-08-01)`), Syncthing (`x.sync-conflict-20250801-120000-ABCDEFG`) and
 * ownCloud (`x_conflict-20250801-120000`). Undefined for every other id. Cheap enough to be asked for each issue of a store.
 */
export function originalOfCopy(id: string): string | undefined {
  return id.includes('conflict') ? CONFLICTED_COPY.exec(id)?.[1] : undefined;
}

/**
 * Takes an id apart. `NNNNNN_name` and `NNNNNN` are numbered, exactly six ASCII digits; so is `NNNNNN_`, whose name is empty. Everything
 * else, such as a ULID or a series (`cli_000006_x`), is unnumbered and has its id for a name.
 */
export function parseIssueId(id: string): ParsedIssueId {
  const number = numberOfId(id);
  return number === undefined ? { id, name: id } : { id, number, name: id.slice(NUMBER_DIGITS + 1) };
}

/** The stem of an issue's file without the number in front of it. */
export function nameOfStem(stem: string): string {
  return parseIssueId(stem).name;
}

/**
 * The id for a number and a name; without a name, `000012`. The inverse of {@link parseIssueId}, except that an unnumbered name which begins
 * like a numbered id (`000012_x`) is read back as numbered.
 *
 * @param number 0 to {@link MAX_ISSUE_NUMBER}, or undefined for an unnumbered issue, which must have a name
 */
export function formatIssueId(number: number | undefined, name: string): string {
  if (number === undefined) {
    if (name === '') {
      throw new RangeError('An issue has a number, a name or both.');
    }
    return name;
  }
  if (!Number.isInteger(number) || number < 0 || number > MAX_ISSUE_NUMBER) {
    throw new RangeError(`${number} is no issue number.`);
  }
  const digits = String(number).padStart(NUMBER_DIGITS, '0');
  return name === '' ? digits : `${digits}_${name}`;
}

/** The same id with another number. What follows the six digits stays, so that mentions of it can be changed in the same way. */
export function renumberedId(id: string, number: number): string {
  return formatIssueId(number, '') + id.slice(NUMBER_DIGITS);
}

/**
 * Makes a name that is safe in a file name on every system out of what a person typed.
 *
 * The rules are SwissArmyHammer's: space, `/ \ : * ? " < > |` and control characters become `-`, runs of `-` one, those at the ends go, as
 * does white space there; nothing left becomes `unnamed`; `.env` becomes `hidden_env`, `foo.` becomes `foo_file`, a name that Windows
 * reserves gets `_file`; at most {@link MAX_NAME_LENGTH} characters are left. Beyond them:
 * - the extension of an issue's file goes, in upper or lower case: `foo.md` is `foo`;
 * - a name is cut to what a file name can be, which 100 characters of Chinese are not;
 * - half a surrogate pair becomes `-`, because UTF-8 cannot store it;
 * - `con.txt` becomes `con_file.txt`: Windows reserves whatever stands before the first dot
 *   (https://learn.microsoft.com/windows/win32/fileio/naming-a-file);
 * - the limits hold for what is added, too, and a cut never brings back a `-`, a `.` or an extension at the end.
 *
 * Idempotent: what it returns, it leaves as it is.
 *
 * @throws IssueError `invalidName` for anything with `../`, `..\`, `./` or `.\` in it
 */
export function sanitizeIssueName(typed: string): string {
  refuseTraversal(typed);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this replaces
  const safe = typed.replace(/[-\u0000- "*/:<>?\\|\u007f-\u009f\p{Surrogate}]+/gu, '-');
  const name = withoutExtension(safe) || UNNAMED;
  const visible = name.startsWith('.') ? HIDDEN_PREFIX + name.slice(1) : name;
  return withSafeEnd(withoutReservedStem(withSafeEnd(visible)));
}

/**
 * The number for a new issue: one more than the highest of all these ids, 1 if none is numbered. Gaps are not filled and the numbers inside
 * a series (`cli_000006_x`) do not count, as in SwissArmyHammer.
 *
 * @param ids the ids of the active and the completed issues
 * @throws IssueError `outOfNumbers` if the highest number is taken
 */
export function nextIssueNumber(ids: Iterable<string>): number {
  let highest = 0;
  let highestId = '';
  for (const id of ids) {
    const number = numberOfId(id);
    if (number !== undefined && number > highest) {
      highest = number;
      highestId = id;
    }
  }
  if (highest >= MAX_ISSUE_NUMBER) {
    throw new IssueError(
      'outOfNumbers',
      `A new issue would need a number above ${MAX_ISSUE_NUMBER}, which “${highestId}” has and which is the highest there can be. ` +
        `Rename the file ${highestId}${ISSUE_EXTENSION} so that it begins with a lower number and try again.`,
    );
  }
  return highest + 1;
}

/** The number of {@link parseIssueId} alone. By character codes: a regular expression takes five times as long. */
export function numberOfId(id: string): number | undefined {
  if (id.length < NUMBER_DIGITS || (id.length > NUMBER_DIGITS && id.charCodeAt(NUMBER_DIGITS) !== UNDERSCORE)) {
    return undefined;
  }
  let number = 0;
  for (let index = 0; index < NUMBER_DIGITS; index++) {
    const digit = id.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    number = number * 10 + digit;
  }
  return number;
}

function refuseTraversal(typed: string): void {
  const found = ['../', '..\\', './', '.\\'].find((step) => typed.includes(step));
  if (found !== undefined) {
    throw new IssueError(
      'invalidName',
      `The name of an issue cannot contain “${found}”, which leads to another folder. Leave it out, or write “-” in its place.`,
    );
  }
}

/** The text without dashes and white space at its ends. A regular expression would take quadratic time for white space inside. */
function withoutEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isDropped(text.charAt(start))) {
    start++;
  }
  while (end > start && isDropped(text.charAt(end - 1))) {
    end--;
  }
  return text.slice(start, end);
}

function isDropped(character: string): boolean {
  return character === '-' || character.trim() === '';
}

/** The same without `.md` at its end, and without what stands at the ends then. */
function withoutExtension(text: string): string {
  let name = withoutEnds(text);
  while (name.slice(-ISSUE_EXTENSION.length).toLowerCase() === ISSUE_EXTENSION) {
    name = withoutEnds(name.slice(0, -ISSUE_EXTENSION.length));
  }
  return name;
}

function withSafeEnd(name: string): string {
  const cut = withoutExtension(fitting(name, ''));
  return cut.endsWith('.') ? fitting(cut.replace(/\.+$/, ''), FILE_SUFFIX) : cut;
}

function withoutReservedStem(name: string): string {
  return name.replace(/^(con|prn|aux|nul|(?:com|lpt)[1-9¹²³])(?=\.|$)/i, `$1${FILE_SUFFIX}`);
}

/** As much of the beginning of a name as there is room for before the suffix, never half a surrogate pair; and the suffix. */
function fitting(name: string, suffix: string): string {
  const characters = Array.from(name.slice(0, MAX_NAME_LENGTH * 2)).slice(0, MAX_NAME_LENGTH - suffix.length);
  let bytes = suffix.length;
  let end = 0;
  for (const character of characters) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_NAME_BYTES) {
      break;
    }
    end += character.length;
  }
  return name.slice(0, end) + suffix;
}
