import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import type { PathRules } from '../../../../src/core/paths.ts';
import { expandedFolder } from '../../../../src/core/store/folderSetting.ts';
import { storeCandidates } from '../../../../src/core/store/storeLocation.ts';

const LINUX: PathRules = { path: posix, ignoresCase: false };
const WINDOWS: PathRules = { path: win32, ignoresCase: true };
/** How settings spell a variable. */
const variable = (name: string) => `\${${name}}`;

const ODD = `$& ${variable('userHome')} ~`;
const SURROUNDINGS = { home: '/home/ann', environment: { TRACKER: '/srv/tracker', TEAM: 'red', ODD, EMPTY: ' ' } };
const ON_WINDOWS = { home: 'C:\\Users\\Ann', environment: { TRACKER: 'D:\\Tracker\\' } };

describe('a folder setting', () => {
  const expand = (setting: string) => expandedFolder(setting, '/work/shop', SURROUNDINGS, LINUX);

  it('is taken as it is where it names folders alone', () => {
    for (const setting of ['issues', 'docs/issues/', '/abs/issues', '../tracker', 'a~b', '~ann/issues', 'x/~', '$HOME', '${open', 'a}b']) {
      assert.equal(expand(setting), setting);
    }
  });

  it('begins with the home folder where it begins with ~', () => {
    assert.equal(expand('~'), '/home/ann');
    assert.equal(expand('~/tracker/'), '/home/ann/tracker/');
    assert.equal(expandedFolder('~\\tracker', 'c:\\w', ON_WINDOWS, WINDOWS), 'C:\\Users\\Ann\\tracker');
    assert.equal(expand('~\\tracker'), '~\\tracker', 'a name like any other, where this is no separator');
  });

  it('has its variables replaced, each wherever it stands', () => {
    assert.equal(expand(variable('workspaceFolder')), '/work/shop');
    assert.equal(expand(`../tracker/${variable('workspaceFolderBasename')}`), '../tracker/shop');
    assert.equal(expand(`${variable('userHome')}/tracker`), '/home/ann/tracker');
    assert.equal(expand(`${variable('env:TRACKER')}/${variable('env:TEAM')}-${variable('env:TEAM')}`), '/srv/tracker/red-red');
  });

  it('takes what a variable stands for as it is', () => {
    assert.equal(expand(variable('env:ODD')), ODD);
    assert.equal(expandedFolder(`x/${variable('userHome')}`, '/w', { home: '/$1', environment: {} }, LINUX), 'x//$1');
  });

  it('is an error where it names a variable that there is not, and says which', () => {
    for (const name of ['workspaceRoot', 'file', 'workspaceFolder:other', 'WorkspaceFolder', '', 'config:a.b', 'environment:TEAM']) {
      assert.throws(
        () => expand(`x/${variable(name)}/y`),
        ({ reason, code, message }) => reason === 'badSetting' && code === 'unreadable' && message.includes(` ${variable(name)},`),
      );
    }
  });

  it('is an error where a variable of the environment has no value, and says which', () => {
    for (const name of ['MISSING', 'EMPTY', '', 'toString']) {
      assert.throws(
        () => expand(variable(`env:${name}`)),
        ({ reason, message }) => reason === 'badSetting' && message.includes(`“${name}”`),
      );
    }
  });
});

describe('the places that settings name', () => {
  const placesOf = (setting: string | undefined) => storeCandidates('/work/shop', setting, SURROUNDINGS, LINUX);
  const placesOnWindows = (setting: string | undefined) => storeCandidates('C:\\Work\\Shop', setting, ON_WINDOWS, WINDOWS);

  it('are one path, however it is spelled', () => {
    for (const setting of ['docs/issues', 'docs/issues/', 'docs//issues//', './docs/x/../issues/.', '/work/shop/docs/issues/']) {
      assert.deepEqual(placesOf(setting), ['/work/shop/docs/issues']);
    }
    assert.deepEqual(placesOf(' ~/tracker/ '), ['/home/ann/tracker']);
    assert.deepEqual(placesOf('/'), ['/']);
    assert.deepEqual(placesOf('.'), ['/work/shop']);
    assert.deepEqual(placesOf(`${variable('env:TEAM')}/`), ['/work/shop/red']);
  });

  it('are spelled as VS Code does on Windows', () => {
    for (const setting of [
      'docs\\issues',
      'docs/issues/',
      'C:\\Work\\Shop\\docs\\issues\\',
      'c:/Work/Shop/docs/issues',
      '/Work/Shop/docs/issues',
    ]) {
      assert.deepEqual(placesOnWindows(setting), ['c:\\Work\\Shop\\docs\\issues']);
    }
    assert.deepEqual(placesOnWindows('~/tracker'), ['c:\\Users\\Ann\\tracker']);
    assert.deepEqual(placesOnWindows(variable('env:TRACKER')), ['d:\\Tracker']);
    assert.deepEqual(placesOnWindows('\\\\server\\share\\issues\\'), ['\\\\server\\share\\issues']);
    assert.equal(placesOnWindows(undefined)[0], 'c:\\Work\\Shop\\issues');
  });
});
