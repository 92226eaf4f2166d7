import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IssueError, type IssueErrorCode } from '../../../../src/core/issue/issueErrors.ts';
import {
  formatIssueId,
  issueIdOfFile,
  MAX_ISSUE_NUMBER,
  MAX_NAME_LENGTH,
  nextIssueNumber,
  parseIssueId,
  sanitizeIssueName,
} from '../../../../src/core/issue/issueFileName.ts';

function refusedWith(code: IssueErrorCode, ...words: string[]) {
  return (error: unknown) => {
    assert.ok(error instanceof IssueError, String(error));
    assert.equal(error.code, code);
    for (const word of words) {
      assert.ok(error.message.includes(word), `“${error.message}” does not mention “${word}”`);
    }
    return true;
  };
}

describe('issueIdOfFile', () => {
  const ids: [fileName: string, id: string | undefined][] = [
    ['000123_fix-login.md', '000123_fix-login'],
    ['000184.md', '000184'],
    ['~notes.md', '~notes'],
    ['v1.2.md', 'v1.2'],
    ['readme.md.md', 'readme.md'],
    ['.draft.md', '.draft'],
    [' .md', ' '],
    ['.#000123_fix-login.md', undefined],
    ['._000123_fix-login.md', undefined],
    ['.#.md', undefined],
    ['._.md', undefined],
    ['#000123_fix-login.md', '#000123_fix-login'],
    ['_draft.md', '_draft'],
    ['~$notes.md', '~$notes'],
    ['#000123_fix-login.md#', undefined],
    ['000123_fix-login.md~', undefined],
    ['.000123_fix-login.md.swp', undefined],
    ['.md', undefined],
    ['', undefined],
    ['000123_fix-login', undefined],
    ['000123_fix-login.tmp', undefined],
    ['000123_fix-login.md.tmp', undefined],
    ['000123_fix-login.MD', undefined],
    ['000123_fix-login.markdown', undefined],
    ['000123_fix-loginmd', undefined],
  ];
  for (const [fileName, id] of ids) {
    it(`takes ${JSON.stringify(fileName)} for ${id === undefined ? 'no issue' : JSON.stringify(id)}`, () => {
      assert.equal(issueIdOfFile(fileName), id);
    });
  }
});

describe('parseIssueId', () => {
  const numbered: [id: string, number: number, name: string][] = [
    ['000123_fix-login', 123, 'fix-login'],
    ['000184', 184, ''],
    ['000012_', 12, ''],
    ['000000', 0, ''],
    ['000000_first', 0, 'first'],
    ['999999', 999_999, ''],
    ['999999_last', 999_999, 'last'],
    ['000161_a', 161, 'a'],
    ['000182_000182_memoranda', 182, '000182_memoranda'],
    ['000007__x', 7, '_x'],
    ['012345_日本', 12_345, '日本'],
    ['000008_~', 8, '~'],
  ];
  for (const [id, number, name] of numbered) {
    it(`reads ${id} as number ${number} and name “${name}”`, () => {
      assert.deepEqual(parseIssueId(id), { id, number, name });
    });
  }

  const unnumbered = [
    '01K2SVHQSCC5GTA4X8P1GJ7CD3',
    'cli_000006_main-cli-integration',
    'SHELL_MCP_000280_x',
    'MEMORANDA_189_x',
    'flow_mcp_00000_x',
    'unify-action-timeouts',
    '~notes',
    '~000123_x',
    '0-fix-git-changes',
    '00012_five-digits',
    '00012',
    '0000123_seven-digits',
    '0000123',
    '000123-fix',
    '000123 fix',
    '000123x',
    '00012x_y',
    ' 000123',
    '-00012_x',
    '+00012_x',
    '1e0000_x',
    '00012/_x',
    '00012:_x',
    '٠٠٠١٢٣_arabic-digits',
    '',
    '_',
  ];
  for (const id of unnumbered) {
    it(`reads “${id}” as a name without a number`, () => {
      assert.deepEqual(parseIssueId(id), { id, name: id });
    });
  }
});

describe('formatIssueId', () => {
  const ids: [number: number | undefined, name: string, id: string][] = [
    [123, 'fix-login', '000123_fix-login'],
    [123, '', '000123'],
    [0, '', '000000'],
    [0, 'first', '000000_first'],
    [999_999, 'last', '999999_last'],
    [undefined, 'unify-action-timeouts', 'unify-action-timeouts'],
    [182, '000182_memoranda', '000182_000182_memoranda'],
  ];
  for (const [number, name, id] of ids) {
    it(`makes ${id} of ${number} and “${name}”`, () => {
      assert.equal(formatIssueId(number, name), id);
    });
  }

  for (const number of [-1, 1_000_000, 1.5, Number.NaN]) {
    it(`refuses ${number}, which six digits cannot hold`, () => {
      assert.throws(() => formatIssueId(number, 'x'), RangeError);
    });
  }

  it('refuses to make an empty id', () => {
    assert.throws(() => formatIssueId(undefined, ''), RangeError);
  });

  it('is undone by parseIssueId for every number and name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_ISSUE_NUMBER }), fc.string(), (number, name) => {
        const id = formatIssueId(number, name);
        assert.deepEqual(parseIssueId(id), { id, number, name });
      }),
    );
  });
});

describe('sanitizeIssueName', () => {
  const long = 'x'.repeat(MAX_NAME_LENGTH);
  const rules: [rule: string, typed: string, name: string][] = [
    ['leaves a good name alone', 'fix_login-2.0~beta', 'fix_login-2.0~beta'],
    ['leaves other scripts and emoji alone', 'größe-日本-🍓', 'größe-日本-🍓'],
    ['trims', '  fix login\t\n', 'fix-login'],
    ['trims white space of every kind', '\u00a0\u3000fix\u2028\ufeff', 'fix'],
    ['replaces each forbidden character', 'a/b\\c:d*e?f"g<h>i|j k', 'a-b-c-d-e-f-g-h-i-j-k'],
    ['replaces C0 control characters', 'a\u0000b\u001fc\td\ne', 'a-b-c-d-e'],
    ['replaces DEL and C1 control characters', 'a\u007fb\u0080c\u009fd', 'a-b-c-d'],
    ['keeps the character behind the control characters', 'a\u00a1b', 'a\u00a1b'],
    ['collapses runs', 'a -- / - b---c', 'a-b-c'],
    ['drops what would stand at the ends', '-/ a b *-', 'a-b'],
    ['drops white space that only then stands at the ends', '-\u00a0-a-\u00a0-', 'a'],
    ['names what is empty', '', 'unnamed'],
    ['names what only has white space', ' \n ', 'unnamed'],
    ['names what has nothing left', ' -/?*- ', 'unnamed'],
    ['replaces a leading dot', '.env', 'hidden_env'],
    ['replaces one leading dot of several', '..env', 'hidden_.env'],
    ['replaces a leading dot behind what was dropped', '- .env', 'hidden_env'],
    ['replaces a lone dot', '.', 'hidden_'],
    ['replaces dots alone', '..', 'hidden__file'],
    ['replaces a trailing dot', 'foo.', 'foo_file'],
    ['replaces all trailing dots', 'foo...', 'foo_file'],
    ['replaces a trailing dot before what was dropped', 'foo. -', 'foo_file'],
    ['keeps dots inside', 'v1.2..3', 'v1.2..3'],
    ['replaces leading and trailing dots', '.foo.', 'hidden_foo_file'],
    ['replaces half a surrogate pair', 'a\ud83db\ude00', 'a-b'],
    ['keeps a whole surrogate pair', 'a\ud83d\ude00b', 'a\ud83d\ude00b'],
    ['keeps the beginning of a long name', `${long}y`, long],
    ['keeps a name of the full length', long, long],
    ['counts characters, not bytes', 'é'.repeat(120), 'é'.repeat(100)],
    ['counts characters, not code units', `${'x'.repeat(60)}${'🍓'.repeat(60)}`, `${'x'.repeat(60)}${'🍓'.repeat(40)}`],
    ['leaves what fits a file name of 255 bytes', '登'.repeat(100), '登'.repeat(81)],
    ['leaves what fits without half a surrogate pair', '🍓'.repeat(120), '🍓'.repeat(61)],
    ['leaves all of 245 bytes', `ab${'登'.repeat(81)}`, `ab${'登'.repeat(81)}`],
    ['counts the bytes of what a trailing dot became', `${'登'.repeat(81)}.`, `${'登'.repeat(80)}_file`],
    ['drops the extension', 'foo.md', 'foo'],
    ['drops the extension in upper case', 'foo.MD', 'foo'],
    ['drops it as often as it is there', 'foo.md.Md', 'foo'],
    ['drops it before what was dropped', 'foo .md ', 'foo'],
    ['drops it where a cut has made it', `${'x'.repeat(97)}.mdx`, 'x'.repeat(97)],
    ['names what has nothing but the extension', '.md', 'unnamed'],
    ['keeps it inside', 'readme.md-links', 'readme.md-links'],
    ['keeps what only ends like it', 'cmd', 'cmd'],
    ['gives a reserved name without its extension another one', 'con.md', 'con_file'],
    ['does not cut through a surrogate pair', `${'x'.repeat(99)}🍓🍓`, `${'x'.repeat(99)}🍓`],
    ['does not end in a dash after the cut', `${'x'.repeat(99)} y`, 'x'.repeat(99)],
    ['does not end in a dot after the cut', `${'x'.repeat(99)}.y`, `${'x'.repeat(95)}_file`],
    ['does not end in a dash and a dot after the cut', `${'x'.repeat(98)}.- y`, `${'x'.repeat(95)}_file`],
    ['counts what a leading dot became', `.${'x'.repeat(99)}`, `hidden_${'x'.repeat(93)}`],
    ['counts what a trailing dot became', `${'x'.repeat(99)}.`, `${'x'.repeat(95)}_file`],
    ['counts what a reserved name became', `con.${'x'.repeat(96)}`, `con_file.${'x'.repeat(91)}`],
    ['gives a reserved name another extension', 'con.txt', 'con_file.txt'],
    ['gives a reserved name another extension, whatever follows', 'nul.tar.gz', 'nul_file.tar.gz'],
    ['handles a reserved name with a trailing dot once', 'con.', 'con_file'],
    ['handles a reserved name with an extension and a trailing dot', 'con.txt.', 'con_file.txt_file'],
    ['handles a reserved name behind what was dropped', ' aux? ', 'aux_file'],
    ['leaves names alone that begin like reserved ones', 'console', 'console'],
    ['leaves names alone that end like reserved ones', 'my.con', 'my.con'],
    ['leaves numbers alone that are not reserved', 'com0', 'com0'],
    ['leaves longer numbers alone', 'com10', 'com10'],
  ];
  for (const [rule, typed, name] of rules) {
    it(rule, () => {
      assert.equal(sanitizeIssueName(typed), name);
    });
  }

  const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '¹', '²', '³'];
  const reserved = ['CON', 'PRN', 'AUX', 'NUL', ...digits.map((digit) => `COM${digit}`), ...digits.map((digit) => `LPT${digit}`)];
  for (const name of reserved) {
    it(`puts _file behind ${name}, which Windows reserves, in any case`, () => {
      const mixed = name.charAt(0) + name.slice(1).toLowerCase();
      for (const typed of [name, name.toLowerCase(), mixed]) {
        assert.equal(sanitizeIssueName(typed), `${typed}_file`);
      }
    });
  }

  for (const typed of ['../etc', 'a/../b', '..\\x', 'a\\..\\b', './x', 'x./y', '.\\x', 'x.\\y', '  ../  ']) {
    it(`refuses ${JSON.stringify(typed)}, which leads to another folder`, () => {
      const step = ['../', '..\\', './', '.\\'].find((part) => typed.includes(part)) ?? '';
      assert.throws(() => sanitizeIssueName(typed), refusedWith('invalidName', `“${step}”`, 'Leave it out'));
    });
  }

  for (const [typed, name] of [
    ['../x'.replace('./', '.:'), 'hidden_.-x'],
    ['a/b', 'a-b'],
    ['. /x', 'hidden_-x'],
  ] as const) {
    it(`does not refuse ${JSON.stringify(typed)}`, () => {
      assert.equal(sanitizeIssueName(typed), name);
    });
  }

  it('is done in a moment with a whole document', () => {
    for (const part of ['-', ' ', '.', '- .', 'a\u00a0', '\u00a0']) {
      sanitizeIssueName(`a${part.repeat(300_000)}b`);
    }
  }).timeout(10_000);

  describe('whatever is typed', () => {
    const character = fc.oneof(
      fc.constantFrom(
        '-',
        '.',
        ' ',
        '/',
        '\\',
        ':',
        '*',
        '?',
        '"',
        '<',
        '>',
        '|',
        '_',
        'a',
        '\u00a0',
        '\u0000',
        '\u0085',
        '\ud83d',
        '\ude00',
        '🍓',
        '.md',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const start = fc.constantFrom('', '.', 'con', 'CON.', 'lpt9.x', 'x'.repeat(96), '🍓'.repeat(58), '登'.repeat(79), `.${'y'.repeat(92)}`);
    const typed = fc
      .tuple(start, fc.array(character, { maxLength: 20 }), fc.constantFrom('', '.', '-.', '. '))
      .map(([first, middle, last]) => first + middle.join('') + last)
      .filter((text) => !/\.[/\\]/.test(text));

    it('gives a name that it leaves as it is', () => {
      fc.assert(
        fc.property(typed, (text) => {
          const name = sanitizeIssueName(text);
          assert.equal(sanitizeIssueName(name), name);
        }),
        { numRuns: 2000 },
      );
    });

    it('gives a name that every system takes', () => {
      fc.assert(
        fc.property(typed, (text) => {
          const name = sanitizeIssueName(text);
          assert.doesNotMatch(name, /[/\\:*?"<>|\p{Cc}\p{Cs} ]/u);
          assert.doesNotMatch(name, /^[-.\s]|[-.\s]$|--/);
          assert.doesNotMatch(name, /^(con|prn|aux|nul|(com|lpt)[1-9¹²³])(\.|$)/i);
          const length = Array.from(name).length;
          assert.ok(length >= 1 && length <= 100, `${length} characters`);
          assert.doesNotMatch(name, /\.md$/i);
          assert.ok(Buffer.byteLength(`000000_${name}.md`) <= 255);
        }),
        { numRuns: 2000 },
      );
    });
  });
});

describe('nextIssueNumber', () => {
  const cases: [rule: string, ids: string[], number: number][] = [
    ['begins with 1', [], 1],
    ['begins with 1 where no file is numbered', ['cli_000006_x', '01K2SVHQSCC5GTA4X8P1GJ7CD3', '~000100_x', 'notes'], 1],
    ['goes on after 0', ['000000_first'], 1],
    ['goes on after the highest, whatever the order', ['000002_b', '000188_c', '000001_a'], 189],
    ['fills no gaps', ['000001_a', '000009_b'], 10],
    ['counts nameless files', ['000003_a', '000184'], 185],
    ['counts a number that several files share once', ['000161_a', '000161_b', '000161_step'], 162],
    ['counts the first of two numbers in a name', ['000018_000900_x'], 19],
    ['leaves the numbers in a series out', ['000003_a', 'SHELL_MCP_000280_x', 'MEMORANDA_189_x'], 4],
    ['gives the last number there is', ['999998_x'], 999_999],
  ];
  for (const [rule, ids, number] of cases) {
    it(rule, () => {
      assert.equal(nextIssueNumber(ids), number);
    });
  }

  it('takes any iterable, such as the keys of a map', () => {
    assert.equal(nextIssueNumber(new Map([['000004_x', 1]]).keys()), 5);
  });

  it('refuses to go on after 999999 and names the file that has it', () => {
    const refused = refusedWith('outOfNumbers', '999999_last.md', 'Rename');
    assert.throws(() => nextIssueNumber(['000001_a', '999999_last', '000002_b']), refused);
  });
});
