import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { outlineOf } from '../../../../src/core/markdown/issueMarkdown.ts';
import { issueTitle } from '../../../../src/core/markdown/issueTitle.ts';
import { MarkdownLines } from '../../../../src/core/markdown/markdownLines.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';

type TitleCase = [what: string, content: string, title: string | undefined];
type TaskCase = [what: string, content: string, done: number, total: number];

function titles(cases: TitleCase[]): void {
  for (const [what, content, title] of cases) {
    it(what, () => {
      assert.equal(outlineOf(content).title, title);
    });
  }
}

function tasks(cases: TaskCase[]): void {
  for (const [what, content, done, total] of cases) {
    it(what, () => {
      assert.deepEqual(outlineOf(content).progress, { done, total });
    });
  }
}

describe('the title of an issue', () => {
  describe('from an ATX heading', () => {
    titles([
      ['is its text', '# Fix the login\n\nText', 'Fix the login'],
      ['can be of any level', '###### Six\n', 'Six'],
      ['is that of the first heading, whatever the level', '## Second level\n# First level', 'Second level'],
      ['is not that of a heading behind text', 'Text\n\nMore text\n\n## Heading', 'Text'],
      ['can interrupt a paragraph', 'Text\n# Heading', 'Heading'],
      ['can be indented by three spaces', '   # Heading', 'Heading'],
      ['needs a space behind the signs', '#hash\n\n# Heading', 'Heading'],
      ['can have a tab there', '#\tHeading', 'Heading'],
      ['has at most six signs', '####### seven\n\n# Heading', 'Heading'],
      ['loses its closing signs', '## Heading ##\n', 'Heading'],
      ['loses closing signs of another length', '# Heading ####  ', 'Heading'],
      ['keeps signs that are not set off', '# C#', 'C#'],
      ['keeps an escaped closing sign', '# Heading \\#', 'Heading #'],
      ['is trimmed and its white space collapsed', '#    Two \t words  ', 'Two words'],
      ['needs no end of line', 'Text\n# Heading', 'Heading'],
      ['is not an empty heading', '#\n## ##\n# Heading', 'Heading'],
      ['is not a heading that shows nothing', '# ![](logo.png)\n\n# Heading', 'Heading'],
    ]);
  });

  describe('from a setext heading', () => {
    titles([
      ['is the text above ===', 'Heading\n===\n\nText', 'Heading'],
      ['is the text above ---', 'Heading\n---\n\nText', 'Heading'],
      ['needs one sign only', 'Heading\n=', 'Heading'],
      ['is the whole paragraph', 'A heading\nover  two\n  lines\n=====', 'A heading over two lines'],
      ['is not the paragraph before', 'Before\n\nHeading\n===', 'Heading'],
      ['can be an empty bullet, which begins no list there', 'Text\n*\n===', 'Text *'],
      ['can have an indented underline', 'Heading\n   ---   ', 'Heading'],
      ['comes before a later ATX heading', 'Heading\n---\n# Later', 'Heading'],
      ['does not begin behind a blank line', 'Text\n\n---\n\n# Heading', 'Heading'],
      ['does not have an underline of two kinds', 'Text\n==-\n\n# Heading', 'Heading'],
      ['does not have an underline with gaps', 'Text\n= =\n\n# Heading', 'Heading'],
      ['is not a list item above ---', '- item\n---\n\n# Heading', 'Heading'],
      ['is not a quote above ---', '> quote\n---\n\n# Heading', 'Heading'],
      ['is not a quote above ===', '> quote\n===\n\n# Heading', 'Heading'],
      ['is not a lazy line of a quote above ---', '> quote\nlazy\n---\n\n## Heading', 'quote'],
      ['is not an ATX heading above ---', '# Heading\n---\n', 'Heading'],
      ['does not begin in indented code', '    code\n---\n\n# Heading', 'Heading'],
      ['does not have an underline that is indented code', 'Text\n    ---\n\n# Heading', 'Heading'],
    ]);
  });

  describe('from a heading or the text before it, whichever comes first', () => {
    titles([
      ['is the text before a section', 'The login fails.\n\nSince Monday.\n\n## Proposed Solution\n', 'The login fails.'],
      ['is the text before a section right below it', 'The login fails.\n## Goal', 'The login fails.'],
      ['is the text before a setext section', 'The login fails.\n\nGoal\n---', 'The login fails.'],
      ['is a section that comes first', '## Goal\n\nText\n\n# Heading', 'Goal'],
      ['is a level-1 heading on the second line', 'Text\n\n# Heading', 'Heading'],
      ['is a level-1 heading on the third line', 'Text\n\n\nMore\n\n# Heading', 'Heading'],
      ['is not a level-1 heading on the fourth line', 'Text\n\nMore\n\nAnd more\n\n# Heading', 'Text'],
      [
        'is a setext heading of level 1 that begins on the third line',
        'Text\n\nMore\n\nHeading\nof two lines\n===',
        'Heading of two lines',
      ],
      ['is not a setext heading that begins on the fourth line', 'a\n\nb\n\nc\n\nHeading\n===', 'a'],
      ['is the first text, whatever shows nothing before it', '![](logo.png)\n\n#\n\nText\n\n## Goal', 'Text'],
      ['is the first text behind what only defines links', '[//]: # (a comment)\n[b]: <c d>\n  "title"\nText\n\n## Goal', 'Text'],
      ['is the section behind what only defines links', '[//]: # (a comment)\n\n## Goal', 'Goal'],
      ['is the text that only begins like a definition', '[a]: b c\n\n## Goal', '[a]: b c'],
      ['is the text of a list before a section', '- [ ] do it\n\n## Goal', 'do it'],
      ['is the text of a quote before a section', '> said\n\n## Goal', 'said'],
      ['is a heading in a quote before a section', '> # said\n\n## Goal', 'said'],
      ['is the code before text and a section', '```\npanicked\n```\n\nText\n\n# Heading', 'panicked'],
      ['is the code before a section', '```\npanicked\n```\n\n## Goal', 'panicked'],
      ['is a level-1 heading behind nothing but code', '```\na\nb\nc\n```\n\n# Heading', 'Heading'],
      ['does not count the lines of front matter', '---\na: 1\nb: 2\n---\nText\n# Heading', 'Heading'],
    ]);
  });

  describe('from front matter', () => {
    before(loadYaml);

    const given = (value: string) => `---\nid: 7\n${value}\nstatus: open\n---\n# Heading\n`;
    const values: [what: string, value: string, title: string][] = [
      ['is its title', 'title: Fix the login', 'Fix the login'],
      ['is its title in double quotes', 'title: "Fix \\"the\\" login \\u00e9\\U0001F353\\x21" # comment', 'Fix "the" login é🍓!'],
      ['is its title in single quotes', "title: 'Fix Bob''s login'", "Fix Bob's login"],
      ['is its title over several lines', 'title: Fix\n  the\n\n  login', 'Fix the login'],
      ['is its title over several lines in quotes', 'title: "Fix\n  the \\\n  login"', 'Fix the login'],
      ['is its folded title', 'title: >-\n  Fix the\n  login', 'Fix the login'],
      ['is its literal title', 'title: | # comment\n  Fix the\n  login', 'Fix the login'],
      ['is its title under a quoted key', '"title" : Fix', 'Fix'],
      ['is its title without the comment', 'title: Fix # 12', 'Fix'],
      ['is its title with what is no comment', 'title: Fix#12', 'Fix#12'],
      ['is its title with a colon that should have been quoted', 'title: Fix: the login', 'Fix: the login'],
      ['is its title as it is, not read as markdown', 'title: Fix **it**', 'Fix **it**'],
      ['is a title that begins like a number', 'title: 404 page', '404 page'],
      ['is a number in quotes', 'title: "404"', '404'],
      ['is not an empty title', 'title: ""', 'Heading'],
      ['is not a blank title', "title: ' '", 'Heading'],
      ['is not a missing title', 'title:', 'Heading'],
      ['is not a comment', 'title: # none', 'Heading'],
      ['is not a number', 'title: 404', 'Heading'],
      ['is not a boolean', 'title: true', 'Heading'],
      ['is not null', 'title: ~', 'Heading'],
      ['is not a list', 'title: [a, b]', 'Heading'],
      ['is not a list over several lines', 'title:\n  - a', 'Heading'],
      ['is not a map over several lines', 'title:\n  en: a', 'Heading'],
      ['is not the title of something else', 'milestone:\n  title: a', 'Heading'],
      ['is not in the name of another key', 'subtitle: a', 'Heading'],
    ];
    titles(values.map(([what, value, title]) => [what, given(value), title]));
    titles([
      ['is its title with Windows line endings', '\ufeff---\r\ntitle: Fix\r\n---\r\n# Heading', 'Fix'],
      ['is its title, and its tasks are counted', '---\ntitle: Fix\n---\n- [x] a', 'Fix'],
    ]);
  });

  describe('with the beginning of the file’s name', () => {
    const cases: [id: string, said: string | undefined, title: string][] = [
      ['CONFIG_000236_project-setup', 'CONFIG_000236: Project Setup', 'Project Setup'],
      ['CONFIG_000236', 'CONFIG_000236: Project Setup', 'Project Setup'],
      ['000012_step', '000012: Project Setup', 'Project Setup'],
      ['000012_step', '000012 – Project Setup', 'Project Setup'],
      ['03-model-sweep', '03: Model sweep', 'Model sweep'],
      ['000012_step', 'Step 12: Project Setup', 'Step 12: Project Setup'],
      ['cli_000006_main', 'CLI 6: Main', 'CLI 6: Main'],
      ['CONFIG_000236_setup', 'CONFIG_000237: Project Setup', 'CONFIG_000237: Project Setup'],
      ['CONFIG_0002367_setup', 'CONFIG_000236: Project Setup', 'CONFIG_000236: Project Setup'],
      ['refactor_split', 'refactor: split', 'refactor: split'],
      ['000012_step', '000012:', '000012:'],
      ['000012_step', '000012 files', '000012 files'],
      ['000012_step', undefined, 'step'],
      ['000012', undefined, '000012'],
    ];
    for (const [id, said, title] of cases) {
      it(`is “${title}” for “${said}” in ${id}.md`, () => {
        assert.equal(issueTitle(id, said), title);
      });
    }
  });

  describe('is not a heading', () => {
    titles([
      ['in a code fence', '```\n# comment\n```\n\n# Heading', 'Heading'],
      ['in a fence of tildes', '~~~sh\n# comment\n~~~\n\n# Heading', 'Heading'],
      ['in a fence that is not closed', 'Text\n```\n# comment\n', 'Text'],
      ['behind a closing fence that is too short', '````\n```\n# comment\n````\n# Heading', 'Heading'],
      ['behind a closing fence of the other kind', '```\n~~~\n# comment\n```\n# Heading', 'Heading'],
      ['behind a closing fence with an info string', '```\n```js\n# comment\n```\n# Heading', 'Heading'],
      ['behind a closing fence that is indented code', '```\n    ```\n# comment\n```\n# Heading', 'Heading'],
      ['in indented code', 'Text\n\n    # comment\n\n# Heading', 'Heading'],
      ['in code indented by a tab', 'Text\n\n\t# comment\n\n# Heading', 'Heading'],
      ['in a comment', '<!--\n# Template\n-->\n# Heading', 'Heading'],
      ['in a comment with blank lines', '<!-- a\n\n# Template\n\n--> # same line\n# Heading', 'Heading'],
      ['in a second comment', '<!-- a -->\n<!--\n# Template\n-->\n# Heading', 'Heading'],
      ['in <pre>', '<pre>\n# no\n\n# no\n</pre>\n\n# Real', 'Real'],
      ['in a script', '<script type="x">\n\n# no\n\n</script>\n# Real', 'Real'],
      ['in a style', '<style>\n\n# no\n</STYLE>\n# Real', 'Real'],
      ['in a text area', '<textarea>\n\n# no\n</textarea>\n# Real', 'Real'],
      ['in a processing instruction', '<?php\n\n# no\n?>\n# Real', 'Real'],
      ['in a declaration', '<!ELEMENT a\n\n# no\n>\n# Real', 'Real'],
      ['in CDATA', '<![CDATA[\n\n# no\n]]>\n# Real', 'Real'],
      ['in an element of a block', '<div align="center">\n# no\n</div>\n\n# Real', 'Real'],
      ['in any other element', '<my-note>\n# no\n</my-note>\n\n# Real', 'Real'],
      ['in a quote', '> # Quoted\n\n# Heading', 'Heading'],
      ['in a list', '- # In a list\n\n# Heading', 'Heading'],
      ['in the paragraph of an indented line', 'Text\n    # still text\n\n# Heading', 'Heading'],
    ]);
  });

  describe('takes for a heading what only looks like code', () => {
    titles([
      ['behind backticks that are a code span', '``` a ``` b\n# Heading', 'Heading'],
      ['behind two backticks', '``\n# Heading', 'Heading'],
      ['behind a fence of longer backticks', '```\ncode\n`````\n# Heading', 'Heading'],
      ['behind a fence with tildes in its info string', '~~~ a~b `c`\ncode\n~~~\n# Heading', 'Heading'],
      ['behind a fence that ended with its list', '- ```\n  code\n# Heading', 'Heading'],
      ['behind a fence that ended with its quote', '> ```\n> code\n# Heading', 'Heading'],
      ['behind a comment on one line', '<!-- comment -->\n# Heading', 'Heading'],
      ['behind an empty comment', '<!-->\n# Heading', 'Heading'],
      ['behind a comment that ended with its quote', '> <!--\n# Heading', 'Heading'],
      ['behind a list item', '- item\n# Heading', 'Heading'],
    ]);
  });

  describe('without a heading', () => {
    titles([
      ['is the first line', 'First line\nsecond line\n', 'First line'],
      ['is the first line that is not blank', '\n  \n\t\nFirst line\n', 'First line'],
      ['is a line of indented code', '\n    code  here', 'code here'],
      ['loses quote signs', '> > Quoted', 'Quoted'],
      ['loses a list marker', '- first\n- second', 'first'],
      ['loses a number', '1) first', 'first'],
      ['loses a task box', '- [ ] do it', 'do it'],
      ['loses a nested task box', '> 1. - [x] did it', 'did it'],
      ['loses the signs of a heading in a quote', '> ## Quoted ##', 'Quoted'],
      ['is the first line of code in a fence', '```text\n\n  panic: *oh*\n```\n\nText', 'panic: *oh*'],
      ['is a line of code as it is', '```\nlet a = `b`\n```', 'let a = `b`'],
      ['is the next line where a fence is empty', '```\n```\nText', 'Text'],
      ['is the line behind a thematic break', '***\n\nText', 'Text'],
      ['is the line behind a break of underscores', '___\n\nText', 'Text'],
      ['can be two dashes, which are no break', '--\n\nText', '--'],
      ['can begin like a break', '***Now*** or never', 'Now or never'],
      ['is the line behind an empty list item', '-\n\nText', 'Text'],
      ['is the line behind a comment of several lines', '<!--\ncomment\n-->\nText', 'Text'],
      ['is the line behind a comment', '<!-- comment -->\n\nText', 'Text'],
      ['is the line behind an empty heading', '#\n\nText', 'Text'],
      ['can begin with an equals sign', '===\n', '==='],
      ['is none for an empty text', '', undefined],
      ['is none for blank lines', ' \n\t\n\u00a0\n\n', undefined],
      ['is none where nothing can be seen', '---\n\n#\n\n```\n```\n\n<!-- x -->', undefined],
    ]);
  });

  describe('with front matter', () => {
    const block = '---\nsource_branch: "main"\ncompleted: false\n---\n';
    titles([
      ['comes after it', `${block}# Heading`, 'Heading'],
      ['can be the line right behind it', `${block}Text`, 'Text'],
      ['is no comment in it', '---\n# comment\n---\n\nText', 'Text'],
      ['is none where there is nothing else', block, undefined],
      ['is none where it ends without a line feed', '---\na: 1\n---', undefined],
      ['comes after an empty block', '---\n---\n# Heading', 'Heading'],
      ['lets white space behind the marks pass', '--- \na: 1\n---\t\n# Heading', 'Heading'],
      ['is in the text where the block is not closed', '---\n# Heading\n--', 'Heading'],
      ['is in the text where the closing mark is longer', '---\n# Heading\n----\n', 'Heading'],
      ['is in the text where the closing mark is indented', '---\n# Heading\n ---\n', 'Heading'],
      ['is in the text where the opening mark is longer', '----\n# Heading\n---\n', 'Heading'],
      ['is in the text where the block is not on the first line', '\n---\n# Heading\n---\n', 'Heading'],
      ['goes on behind lines that only begin like the mark', '---\n---x\n# comment\n---\nText', 'Text'],
    ]);
  });

  describe('whatever the bytes between the lines', () => {
    titles([
      ['ignores a byte order mark', '\ufeff# Heading', 'Heading'],
      ['ignores a byte order mark before front matter', '\ufeff---\na: 1\n---\n# Heading', 'Heading'],
      ['ignores a byte order mark that is alone', '\ufeff', undefined],
      ['reads Windows line endings', '```\r\n# no\r\n```\r\nHeading\r\n===\r\n', 'Heading'],
      ['reads front matter with Windows line endings', '---\r\na: 1\r\n---\r\nText\r\n', 'Text'],
      ['reads old Macintosh line endings', 'Text\r\r# Heading\rMore', 'Heading'],
      ['reads mixed line endings', '```\r# no\n```\r\n# Heading\r', 'Heading'],
    ]);
  });

  describe('without its markup', () => {
    titles([
      ['loses bold', '# Make it **really** fast', 'Make it really fast'],
      ['loses emphasis', '# It is *still* wrong', 'It is still wrong'],
      ['loses both at once', '# ***Now***', 'Now'],
      ['loses backticks', '# Use `larder take`', 'Use larder take'],
      ['loses double backticks', '# Use ``a ` b``', 'Use a ` b'],
      ['loses backticks in bold', '# **`take`** is slow', 'take is slow'],
      ['keeps what looks like markup in code', '# Match `**/*.ts` and `[x](y)`', 'Match **/*.ts and [x](y)'],
      ['keeps a backslash in code', '# Split `C:\\*`', 'Split C:\\*'],
      ['loses the address of a link', '# See [the table](units.md "Units") first', 'See the table first'],
      ['loses an address with parentheses', '# See [it](https://e.org/a_(b))!', 'See it!'],
      ['loses a link around code', '# Call [`take()`](api.md)', 'Call take()'],
      ['loses an image', '# ![Logo](logo.png) Larder', 'Logo Larder'],
      ['loses a linked image', '# [![Build](b.svg)](https://e.org) Larder', 'Build Larder'],
      ['loses the brackets of an address', '# See <https://example.org/x>', 'See https://example.org/x'],
      ['loses escapes', '# 2 \\* 3 \\_ 4', '2 * 3 _ 4'],
      ['keeps escaped markup', '# \\*not emphasis\\*', '*not emphasis*'],
      ['keeps a backslash before a letter', '# C:\\temp', 'C:\\temp'],
      ['keeps underscores', '# Rename snake_case and __init__', 'Rename snake_case and __init__'],
      ['keeps products', '# 2 * 3 * 4', '2 * 3 * 4'],
      ['keeps products without spaces', '# 2*3*4 and 2**3**', '2*3*4 and 2**3**'],
      ['keeps globs that begin like bold', '# Match **a**/b', 'Match **a**/b'],
      ['keeps globs', '# Match **/*.ts and src/**/a/**/b', 'Match **/*.ts and src/**/a/**/b'],
      ['keeps asterisks without a partner', '# **bold', '**bold'],
      ['keeps backticks without a partner', '# a ` b', 'a ` b'],
      ['keeps brackets', '# Array[0] and [x] and [a][b]', 'Array[0] and [x] and [a][b]'],
      ['keeps a call behind brackets', '# Call Map[K](value)', 'Call Map[K](value)'],
      ['keeps angle brackets', '# Return Vec<T>', 'Return Vec<T>'],
      ['loses a comment', '# Notes <!-- omit in toc -->', 'Notes'],
      ['shows entities as characters', '# R &amp; D &lt;3 &#8211; &#x2014; &nbsp;&copy;', 'R & D <3 – — ©'],
      ['keeps what is no entity', '# a &b; R&D &amp', 'a &b; R&D &amp'],
      ['shows a line break as a blank', '# Login<br>fails<br/>now', 'Login fails now'],
      ['loses tags of formatting', '# Press <kbd>Ctrl</kbd>+<b class="x">C</b><a id="x"></a>', 'Press Ctrl+C'],
      ['keeps tags of other elements', '# Replace <div> by <MyPage/>', 'Replace <div> by <MyPage/>'],
      ['loses the brackets of a mail address', '# Ask <a@b.org>', 'Ask a@b.org'],
      ['loses bold that begins with a symbol', '# **🚀 Launch** the app', '🚀 Launch the app'],
      ['loses bold that begins with a dot', '# Support **.env** files', 'Support .env files'],
      ['loses bold between letters', '# 修复**登录**问题', '修复登录问题'],
      ['loses bold in emphasis', '# *a **b** c* and ***d** e*', 'a b c and d e'],
      ['loses bold around a link', '# **[a](b)** and [**c**](d)', 'a and c'],
      ['keeps an asterisk that closes nothing', '# a* b and *c', 'a* b and *c'],
      ['loses an address in angle brackets', '# See [it](<a b> "c")', 'See it'],
      ['keeps what is no address', '# See [it](a b)', 'See [it](a b)'],
      ['keeps what an escaped mark begins', '# \\`a\\` \\<br> \\[b](c) \\&amp;', '`a` <br> [b](c) &amp;'],
      ['keeps strike-through', '# ~~Do it~~', '~~Do it~~'],
      ['shows control characters as blanks', '# a\0b \u001b\u0085 `c`', 'a b c'],
      ['shows control characters as blanks in plain text', 'a\0b\u007fc', 'a b c'],
      ['loses markup of a first line, too', 'Use **this** `now`', 'Use this now'],
      ['loses markup that goes on behind the first line', 'Use **this\nthing** now', 'Use this'],
      ['loses markup of a setext heading, also over two lines', 'Use **this\nthing**\n===', 'Use this thing'],
    ]);
  });

  describe('where a merge has left a conflict', () => {
    const conflict = (ours: string, theirs: string) => `<<<<<<< HEAD\n${ours}\n=======\n${theirs}\n>>>>>>> branch\n`;
    titles([
      ['is that of the first side', `${conflict('# Ours', '# Theirs')}\nText`, 'Ours'],
      ['is that of the first side with the ancestor shown', '<<<<<<< a\n# Ours\n||||||| b\n# Old\n=======\n# Theirs\n>>>>>>> c', 'Ours'],
      ['is that of the first side with Windows line endings', conflict('# Ours', '# Theirs').replaceAll('\n', '\r\n'), 'Ours'],
      ['is the text of the first side, which === does not make a heading', conflict('Ours', 'Theirs'), 'Ours'],
      ['is behind a first side without text', `${conflict('', '# Theirs')}# Heading`, 'Heading'],
      ['is of the first side in front matter', `---\n${conflict('title: Ours', 'title: Theirs')}---\n`, 'Ours'],
      ['is the marker where the others are missing', '<<<<<<< HEAD\n\n# Heading\n', 'Heading'],
    ]);
    tasks([
      ['counts the boxes of the first side', `# H\n\n${conflict('- [x] a\n- [ ] b', '- [ ] a\n- [ ] b\n- [ ] c')}- [x] d`, 2, 3],
      ['counts the boxes of each conflict once', conflict('- [x] a', '- [ ] a').repeat(3), 3, 3],
      ['counts all boxes where a marker is missing', '<<<<<<< HEAD\n- [x] a\n=======\n- [ ] a\n', 1, 2],
    ]);

    it('is said, wherever the conflict is', () => {
      const said = (content: string) => outlineOf(content).hasConflict;
      assert.equal(said(conflict('# a', '# b')), true);
      assert.equal(said(`# Heading\n\nText\n${conflict('a', 'b')}`), true);
      assert.equal(said(`---\n${conflict('a: 1', 'a: 2')}---\n# Heading\n`), true);
      assert.equal(said(`# An example\n\n\`\`\`\n${conflict('a', 'b')}\`\`\`\n`), false);
      assert.equal(said('# Heading\n\n<<<<<<< HEAD\n=======\n'), false);
      assert.equal(said('# Heading <<<<<<< HEAD'), false);
    });
  });

  it('is found without reading on', () => {
    const { next } = MarkdownLines.prototype;
    const linesRead = (content: string) => {
      let count = 0;
      MarkdownLines.prototype.next = function (this: MarkdownLines) {
        count++;
        return next.call(this);
      };
      try {
        outlineOf(content);
      } finally {
        MarkdownLines.prototype.next = next;
      }
      return count;
    };
    const rest = '\n\nMore text\n- a'.repeat(1000);
    assert.equal(linesRead(`# Heading${rest}`), 1);
    assert.equal(linesRead(`---\ntitle: Given\n---${rest}`), 0);
    assert.equal(linesRead(`Text${rest}`), 4);
    assert.equal(linesRead(`Text\n\n## Section${rest}`), 3);
    assert.equal(linesRead(`Text\n\nMore\n\nThird\n\nFourth${rest}`), 6);
  });

  describe('that is long', () => {
    titles([
      ['is kept up to 200 characters', `# ${'x'.repeat(200)}`, 'x'.repeat(200)],
      ['is cut behind them', `# ${'x'.repeat(201)}`, `${'x'.repeat(199)}…`],
      ['is counted in characters, not in code units', `# ${'🍓'.repeat(200)}`, '🍓'.repeat(200)],
      ['is not cut through a surrogate pair', `# ${'x'.repeat(198)}🍓🍓🍓`, `${'x'.repeat(198)}🍓…`],
      ['has no space before the ellipsis', `# ${'x'.repeat(198)} yyy`, `${'x'.repeat(198)}…`],
      ['is counted without its markup', `# [${'x'.repeat(190)}](${'y'.repeat(500)})`, 'x'.repeat(190)],
      ['is marked as cut where white space was all that could be read', `# a${' '.repeat(1000)}b`, 'a…'],
      ['is not cut through a surrogate pair far behind', `# [a](${'b'.repeat(990)}) xyz🍓`, 'a xyz…'],
    ]);

    it('is read in a moment from a hostile line', () => {
      for (const part of ['[', '![a](', '**a ', '\\', '`', '<a:', '(', '# ', '<a ', '&', '*', '[a]: b\n', '<<<<<<< \n', '<!--', '<x a=']) {
        outlineOf(`# ${part.repeat(500_000)}`);
        outlineOf(part.repeat(500_000));
      }
    }).timeout(10_000);
  });

  it('does not keep the text of its issue in memory', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const kept: unknown[] = [];
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200; index++) {
      const text = Buffer.from(`A-title-of-one-word-that-is-long-enough-to-be-a-slice-${index}\n\n${'text '.repeat(12_000)}`).toString();
      kept.push(outlineOf(text).title);
    }
    collect();
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 3_000_000, `${kept.length} titles of 60 KB issues hold ${grown} bytes`);
  });
});

describe('the task progress of an issue', () => {
  tasks([
    ['is none without boxes', '# Heading\n\nText', 0, 0],
    ['counts open and done boxes', '- [ ] a\n- [x] b\n- [X] c\n', 2, 3],
    ['counts in lists with every bullet', '- [x] a\n\n* [x] b\n\n+ [ ] c', 2, 3],
    ['counts in ordered lists', '1. [x] a\n2. [ ] b\n\n3) [x] c\n123456789. [ ] d', 2, 4],
    ['counts nested boxes', '- [x] a\n  - [ ] b\n    - [x] c\n1. x\n   - [ ] d', 2, 4],
    ['counts boxes nested with tabs', '- [x] a\n\t- [ ] b\n\t\t- [x] c', 2, 3],
    ['counts boxes in quotes', '> - [x] a\n> - [ ] b\n>> - [ ] c', 1, 3],
    ['counts a box in a list in a list on one line', '- 1. [x] a', 1, 1],
    ['counts before and behind the title', '- [x] a\n\n# Heading\n\n- [ ] b', 1, 2],
    ['counts where a bullet interrupts a paragraph', 'Tasks:\n- [ ] a\n- [x] b', 1, 2],
    ['counts where the number 1 interrupts a paragraph', 'Tasks:\n1. [ ] a\n2. [x] b', 1, 2],
    ['counts right behind a fence', '```\ncode\n```\n2. [x] a', 1, 1],
    ['counts right behind a setext heading', 'Heading\n---\n2. [x] a', 1, 1],
    ['counts a box with nothing behind it', '- [ ]\n- [x] ', 1, 2],
    ['counts a box with a tab behind it', '- [x]\ta', 1, 1],
    ['counts a box behind four spaces', '-    [x] a', 1, 1],
    ['counts with Windows line endings', '- [x] a\r\n- [ ] b\r\n', 1, 2],
    ['counts without a final line feed', '- [x] a\n- [ ] b', 1, 2],
    ['counts behind front matter only', '---\n- [ ] a\n---\n- [x] b', 1, 1],
    ['counts in front matter that is not closed', '---\n- [ ] a\n', 0, 1],
    ['counts behind <details> and a blank line', '<details>\n<summary>More</summary>\n\n- [x] a\n\n</details>', 1, 1],
    ['counts behind a tag in a paragraph', 'Text\n<my-note>\n- [x] a', 1, 1],
    ['counts behind what is no tag', '<my-note a=>\n- [x] a\n\n<1>\n- [x] b', 2, 2],
    ['counts behind a title when done boxes are all there is', '# Heading\n- [x] a', 1, 1],
    ['counts behind a title when large done boxes are all there is', '# Heading\n- [X] a', 1, 1],
  ]);

  describe('does not count', () => {
    tasks([
      ['boxes in a code fence', '```\n- [ ] a\n```\n- [x] b', 1, 1],
      ['boxes in a fence of tildes', '~~~\n- [ ] a\n~~~\n- [x] b', 1, 1],
      ['boxes in a fence that is not closed', '- [x] b\n\n```\n- [ ] a\n', 1, 1],
      ['boxes in a fence within a longer one', '````\n```\n- [ ] a\n```\n- [ ] b\n````\n- [x] c', 1, 1],
      ['boxes in a fence in a list item', '- [x] a\n  ```\n  - [ ] b\n  ```\n- [x] c', 2, 2],
      ['boxes in a fence behind a list marker', '- ```\n  - [ ] b\n  ```\n- [x] c', 1, 1],
      ['boxes in a fence in a quote', '> ```\n> - [ ] a\n> ```\n> - [x] b', 1, 1],
      ['boxes in a fence in a numbered item, with a blank line', '10. a\n\n    ```\n\n    - [ ] b\n    ```\n    - [x] c', 1, 1],
      ['boxes in indented code', 'Text\n\n    - [ ] a\n\n- [x] b', 1, 1],
      ['boxes that are indented code behind a marker', '-     [ ] a\n- [x] b', 1, 1],
      ['boxes in code in an item, indented by tabs', '- a\n\n\t\t- [ ] b\n- [x] c', 1, 1],
      ['boxes in code in an item that begins with white space', '-   \n      - [ ] a', 0, 0],
      ['boxes in code behind a list that has ended', '- a\n\ntext\n\n    - [ ] b', 0, 0],
      ['boxes in code behind a break that ends a list', '- a\n---\n    - [ ] b', 0, 0],
      ['boxes in a comment', '<!--\n- [ ] a\n\n- [ ] b\n-->\n- [x] c', 1, 1],
      ['boxes in <details> without a blank line', '<details>\n- [ ] a\n</details>\n- [x] b\n\n- [x] c', 1, 1],
      [
        'boxes in <pre>, <script> and others up to their ends',
        '<pre>\n- [ ] a\n\n- [ ] b\n</pre>\n<script>\n\n- [ ] c\n</script>\n- [x] d',
        1,
        1,
      ],
      ['boxes in HTML in an item', '- <div>\n  - [ ] a\n- [x] b', 1, 1],
      ['boxes on an indented line of a paragraph', 'Text\n    - [ ] a', 0, 0],
      ['boxes behind a number that cannot interrupt a paragraph', 'Text\n2. [ ] a', 0, 0],
      ['boxes behind a quote sign that is text', '> a\n    > - [ ] b', 0, 0],
      ['boxes behind ten digits', '1234567890. [ ] a', 0, 0],
      ['boxes without a list', '[ ] a\n[x] b', 0, 0],
      ['boxes that do not begin the item', '- a [x] b', 0, 0],
      ['boxes without a space behind the marker', '-[ ] a\n\n1.[ ] b', 0, 0],
      ['boxes without a space behind them', '- [x](link.md)\n- [ ]a', 0, 0],
      ['boxes with another mark', '- [] a\n- [-] b\n- [  ] c\n- [✓] d', 0, 0],
      ['boxes with an escape', '- \\[ ] a', 0, 0],
      ['boxes on the second line of an item', '- a\n  [ ] b', 0, 0],
      ['thematic breaks', '- - -\n* * *\n', 0, 0],
    ]);
  });

  describe('ends a block where CommonMark does', () => {
    tasks([
      ['a fence in an item with its item', '- ```\n- [ ] a', 0, 1],
      ['a fence in a quote with its quote', '> ```\n- [ ] a', 0, 1],
      ['a fence in an item not at a blank line', '- ```\n\n  - [ ] a\n\n  ```\n- [x] b', 1, 1],
      ['a fence in a quote at a line without its sign', '> ```\n\n> - [ ] a', 0, 1],
      ['an item at a line that is not indented', '1. a\n\n- [ ] b', 0, 1],
      ['an empty item at a blank line', '10.\n\n    - [ ] a', 0, 0],
      ['an item that was empty not at a blank line behind its text', '10.\n    a\n\n    - [ ] b', 0, 1],
      ['an empty item not at a line that goes on', '-\n  - [ ] a', 0, 1],
      ['a lazy paragraph at a list', '> text\nlazy\n- [ ] a', 0, 1],
      ['a comment in an item with its item', '- <!--\n- [ ] a\n  - [x] b', 1, 2],
      ['a fence in an item at a line indented less', '- ```\n x\n  - [ ] a', 0, 1],
      ['an item not at a blank line', '- a\n\n  - [ ] b\n\n    - [x] c', 1, 2],
      ['code in an item with a wide marker', '10. a\n\n    - [ ] b\n\n        code\n          - [ ] c', 0, 1],
      ['a quote sign behind a tab in part', '>\t- [ ] a\n>\t\t- [x] b', 1, 2],
    ]);
  });

  it('of a line nested beyond all reason is read in a moment', () => {
    for (const part of ['> ', '- ', '1. ', '- > ', '<!-- \n', '```a`\n', '---a\n', '> <!--\n\n', ' \n']) {
      outlineOf(`${part.repeat(300_000)}x`);
    }
    outlineOf(`${'- '.repeat(300_000)}x${'\n'.repeat(300_000)}`);
  }).timeout(10_000);
});

describe('an outline of any text', () => {
  const part = fc.constantFrom(
    '- ',
    '[ ] ',
    '[x] ',
    '1. ',
    '> ',
    '```',
    '~~~',
    '# ',
    '===',
    '---',
    '  ',
    '\t',
    '**',
    '`',
    '[a](b)',
    'word',
    '🍓',
    '\0',
    '\n',
    '\n',
    '\r\n',
    '<!--',
    '-->',
  );
  const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));

  it('has a title of one clean line, if any, and no more boxes done than there are', () => {
    fc.assert(
      fc.property(text, (content) => {
        const { title, progress } = outlineOf(content);
        if (title !== undefined) {
          assert.match(title, /^\S(.*\S)?$/u);
          assert.doesNotMatch(title, /\p{Cc}| {2}/u);
          assert.ok(title.isWellFormed() && Array.from(title).length <= 200);
        }
        assert.ok(progress.done >= 0 && progress.done <= progress.total);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same for every kind of line ending', () => {
    fc.assert(
      fc.property(text, (content) => {
        const lineFeeds = content.replaceAll('\r\n', '\n');
        const expected = outlineOf(lineFeeds);
        assert.deepEqual(outlineOf(lineFeeds.replaceAll('\n', '\r\n')), expected);
        assert.deepEqual(outlineOf(lineFeeds.replaceAll('\n', '\r')), expected);
        assert.deepEqual(outlineOf(`\ufeff${lineFeeds}`), expected);
      }),
      { numRuns: 1000 },
    );
  });
});
