import assert from 'node:assert/strict';
import type { StoreFormat } from '../../../src/core/formats/storeFormat.ts';

/** Declares tests that any damage to a text leaves an issue that has a name, or none, and that line ends and a byte order mark change nothing. */
export function itReadsBrokenTexts<Config>(format: StoreFormat<Config>, path: string, text: string, config: Config): void {
  it('reads every part of a text, and each text without one of its characters', () => {
    for (let at = 0; at <= text.length; at++) {
      for (const broken of [text.slice(0, at), text.slice(at), text.slice(0, at) + text.slice(at + 1)]) {
        const description = format.describe(path, broken, config);
        assert(description === undefined || (description.id !== '' && description.title !== ''), broken);
      }
    }
  });

  it('reads the same with other line ends and a byte order mark', () => {
    const expected = format.describe(path, text, config);
    assert(expected !== undefined);
    for (const same of [text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\r'), `\ufeff${text}`]) {
      assert.deepEqual(format.describe(path, same, config), expected);
    }
  });
}
