import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { isInsideFolder, isSamePath, normalPath, type PathRules, pathInFolder, pathKey } from '../../../src/core/paths.ts';

const LINUX: PathRules = { path: posix, ignoresCase: false };
const MAC: PathRules = { path: posix, ignoresCase: true };
const WINDOWS: PathRules = { path: win32, ignoresCase: true };
/** A folder of Windows can be set to tell cases apart. */
const STRICT_WINDOWS: PathRules = { path: win32, ignoresCase: false };

describe('a normal path', () => {
  const cases: readonly (readonly [PathRules, string, string])[] = [
    [LINUX, '/w/issues', '/w/issues'],
    [LINUX, '/w/issues/', '/w/issues'],
    [LINUX, '/w//issues///', '/w/issues'],
    [LINUX, '/w/./docs/../issues/.', '/w/issues'],
    [LINUX, '/', '/'],
    [LINUX, '//', '/'],
    [LINUX, '/w/Issues', '/w/Issues'],
    [LINUX, '/w/..issues/', '/w/..issues'],
    [LINUX, '/w/a\\b/', '/w/a\\b'],
    [MAC, '/W/Issues/', '/W/Issues'],
    [WINDOWS, 'C:\\w\\issues\\', 'c:\\w\\issues'],
    [WINDOWS, 'C:/w/issues/', 'c:\\w\\issues'],
    [WINDOWS, 'c:\\W\\docs\\..\\Issues', 'c:\\W\\Issues'],
    [WINDOWS, 'C:\\', 'c:\\'],
    [STRICT_WINDOWS, 'C:\\W', 'c:\\W'],
    [WINDOWS, '\\\\Server\\Share\\issues\\', '\\\\Server\\Share\\issues'],
    [WINDOWS, '//Server/Share/issues', '\\\\Server\\Share\\issues'],
    [WINDOWS, '\\\\Server\\Share', '\\\\Server\\Share\\'],
  ];
  for (const [rules, path, expected] of cases) {
    it(`of ${path} is ${expected}`, () => {
      assert.equal(normalPath(path, rules), expected);
      assert.equal(normalPath(expected, rules), expected, 'and stays that');
    });
  }
});

describe('two paths', () => {
  const same: readonly (readonly [string, PathRules, string, string])[] = [
    ['with and without a separator at the end', LINUX, '/w/issues/', '/w/issues'],
    ['one of them through a folder above', LINUX, '/w/docs/../issues', '/w/issues'],
    ['in different case', MAC, '/W/Issues', '/w/issues'],
    ['with a letter that is composed in one of them', MAC, '/w/Größe'.normalize('NFC'), '/w/größe'.normalize('NFD')],
    ['in different case', WINDOWS, 'C:\\W\\Issues\\', 'c:\\w\\issues'],
    ['with drive letters in different case', STRICT_WINDOWS, 'C:\\w', 'c:\\w'],
    ['with separators of both kinds', WINDOWS, 'c:/w/issues', 'c:\\w\\issues'],
    ['on a share, in different case', WINDOWS, '\\\\SERVER\\Share\\issues', '\\\\server\\share\\Issues\\'],
    ['of a whole share', WINDOWS, '\\\\server\\share', '\\\\server\\share\\'],
  ];
  for (const [what, rules, a, b] of same) {
    it(`${what} are the same: ${a} and ${b}`, () => {
      assert.ok(isSamePath(a, b, rules));
      assert.equal(new Set([a, b].map((path) => pathKey(path, rules))).size, 1);
      assert.equal(pathInFolder(a, b, rules), '');
    });
  }

  const different: readonly (readonly [string, PathRules, string, string])[] = [
    ['where case counts', LINUX, '/w/Issues', '/w/issues'],
    ['where case counts', STRICT_WINDOWS, 'c:\\w\\Issues', 'c:\\w\\issues'],
    ['where a separator of Windows is part of a name', LINUX, '/w\\issues', '/w/issues'],
    ['on different drives', WINDOWS, 'c:\\w', 'd:\\w'],
    ['on different shares', WINDOWS, '\\\\server\\a\\w', '\\\\server\\b\\w'],
  ];
  for (const [what, rules, a, b] of different) {
    it(`${what} are not the same: ${a} and ${b}`, () => {
      assert.ok(!isSamePath(a, b, rules));
    });
  }
});

describe('the path of a file in a folder', () => {
  const cases: readonly (readonly [PathRules, string, string, string | undefined])[] = [
    [LINUX, '/w/issues', '/w/issues/complete/000001_a.md', 'complete/000001_a.md'],
    [LINUX, '/w/issues/', '/w/issues/000001_a.md', '000001_a.md'],
    [LINUX, '/w/issues', '/w/issues', ''],
    [LINUX, '/w/issues', '/w/issues-old/000001_a.md', undefined],
    [LINUX, '/w/issues', '/w', undefined],
    [LINUX, '/w/issues', '/w/issues/../000001_a.md', undefined],
    [LINUX, '/w/issues', '/w/issues/..a.md', '..a.md'],
    [LINUX, '/w/issues', '/w/issues/../issues/..b/c.md', '..b/c.md'],
    [LINUX, '/w/..issues', '/w/..issues/a.md', 'a.md'],
    [LINUX, '/w', '/..w/a.md', undefined],
    [LINUX, '/', '/a.md', 'a.md'],
    [LINUX, '/', '/', ''],
    [LINUX, '/w/Issues', '/w/issues/a.md', undefined],
    [MAC, '/w/Issues', '/W/issues/A.md', 'A.md'],
    [WINDOWS, 'C:\\w\\issues\\', 'c:\\W\\Issues\\complete\\A.md', 'complete/A.md'],
    [WINDOWS, 'c:\\w\\issues', 'd:\\w\\issues\\a.md', undefined],
    [WINDOWS, 'c:\\', 'C:\\a.md', 'a.md'],
    [WINDOWS, 'c:\\w\\issues', 'c:\\w\\issues\\..\\a.md', undefined],
    [WINDOWS, 'c:\\w\\issues', 'c:\\w\\issues\\..a.md', '..a.md'],
    [WINDOWS, '\\\\Server\\share', '\\\\server\\Share\\issues\\a.md', 'issues/a.md'],
    [WINDOWS, '\\\\server\\share\\issues', '\\\\server\\other\\issues\\a.md', undefined],
    [WINDOWS, 'c:\\w', '\\\\c\\w\\a.md', undefined],
    [STRICT_WINDOWS, 'C:\\w\\issues', 'c:\\w\\issues\\a.md', 'a.md'],
  ];
  for (const [rules, folder, path, expected] of cases) {
    it(`of ${path} in ${folder} is ${expected === undefined ? 'none' : `“${expected}”`}`, () => {
      assert.equal(pathInFolder(folder, path, rules), expected);
      assert.equal(isInsideFolder(folder, path, rules), expected !== undefined);
    });
  }
});
