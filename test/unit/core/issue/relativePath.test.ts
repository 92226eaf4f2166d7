import assert from 'node:assert/strict';
import { folderInside, folderOf, joined, nameOf, stemOf, withParents } from '../../../../src/core/issue/relativePath.ts';

describe('relative paths', () => {
  it('are taken apart and put together', () => {
    assert.deepEqual(['a/b/c.md', 'c.md', 'a/c'].map(folderOf), ['a/b', '', 'a']);
    assert.deepEqual(['a/b/c.md', 'c.md', 'a/c'].map(nameOf), ['c.md', 'c.md', 'c']);
    assert.deepEqual(['a/b/c.d.md', 'c.md', 'a/c'].map(stemOf), ['c.d', 'c', 'c']);
    assert.deepEqual([withParents(''), withParents('a/b')], [[''], ['', 'a', 'a/b']]);
    assert.deepEqual([joined('', 'a'), joined('a', 'b')], ['a', 'a/b']);
  });

  it('never lead a configuration out of its folder', () => {
    assert.deepEqual(['docs/tasks/', './docs//tasks', 'docs\\tasks', 'x/../docs/tasks'].map(folderInside), Array(4).fill('docs/tasks'));
    assert.deepEqual(['.', './', 'x/..'].map(folderInside), ['', '', '']);
    assert.deepEqual(['..', '../x', 'x/../../y', '..\\x', '/x', 'C:\\x', 'c:/x', '~/x'].map(folderInside), Array(8).fill(undefined));
  });
});
