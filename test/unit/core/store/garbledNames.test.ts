import assert from 'node:assert/strict';
import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { type ListedKind, REPLACEMENT_CHARACTER } from '../../../../src/core/disk/disk.ts';
import { NodeDisk } from '../../../../src/core/disk/nodeDisk.ts';
import { byHand } from '../../support/byHand.ts';
import { useStores } from '../../support/openStore.ts';
import { fileStorage } from '../../support/storages.ts';

const LATIN = Buffer.from([0xe9]);

/** Elsewhere the system refuses names that are not UTF-8. */
if (process.platform === 'linux') {
  describe('files whose names are not UTF-8', () => {
    const { folder, open } = useStores();
    /** With one byte that is not UTF-8 behind this part of the name. */
    const garbled = (start: string) => Buffer.concat([Buffer.from(folder().join('issues', start)), LATIN, Buffer.from('.md')]);
    const real = `000005_${REPLACEMENT_CHARACTER}.md`;

    beforeEach(() => {
      folder().writeAll({ 'issues/000001_a.md': 'a', 'issues/complete/000002_b.md': 'b' });
    });

    it('are told by their bytes from names that have a replacement character', async () => {
      folder().write(`issues/${real}`, 'real');
      writeFileSync(garbled('000005_'), 'garbled');
      const listed: [string, ListedKind][] = [];
      assert.equal(await new NodeDisk().list(folder().join('issues'), (name, kind) => void listed.push([name, kind])), true);
      assert.deepEqual(
        listed.sort(),
        [
          ['000001_a.md', 'file'],
          [real, 'file'],
          [real, 'garbled'],
          ['complete', 'folder'],
        ].sort(),
      );
    });

    it('are known of, counted by a look at everything, and hide nothing', async () => {
      folder().write(`issues/${real}`, '# Real');
      writeFileSync(garbled('000005_'), 'garbled');
      writeFileSync(garbled('complete/'), 'garbled');
      writeFileSync(Buffer.concat([garbled('notes'), Buffer.from('.txt')]), 'no issue');
      const { store } = await open();
      assert.deepEqual(store.catalogue.garbled, [`000005_${REPLACEMENT_CHARACTER}`, `complete/${REPLACEMENT_CHARACTER}`]);
      assert.deepEqual(
        (await store.listSummaries()).map(({ title }) => title),
        ['a', 'b', 'Real'],
      );
      assert.deepEqual(await store.verify(), { issues: 3, differences: [], problems: 2 });
      assert.equal((await store.getIssue(5)).content, '# Real');
    });

    it('are noticed as they come and go', async () => {
      const { time, watchers, options } = byHand();
      const { store, changes } = await open(options);
      const hint = async (name: string) => {
        const before = changes.events.length;
        watchers[0]?.hint({ folder: '', name });
        time.advance(1000);
        await changes.until((events) => events.length > before, 'the change');
      };
      writeFileSync(garbled('000007_'), '');
      await hint(`000007_${REPLACEMENT_CHARACTER}.md`);
      assert.deepEqual([store.catalogue.garbled.length, changes.events.at(-1)?.otherFolders], [1, true]);
      renameSync(garbled('000007_'), folder().join('issues/000007_mended.md'));
      await hint(`000007_${REPLACEMENT_CHARACTER}.md`);
      assert.deepEqual(store.catalogue.garbled, []);
    });

    it('keep their numbers', async () => {
      writeFileSync(garbled('complete/000040_'), '');
      const storage = fileStorage({ folder: folder().join('issues') });
      assert.equal((await storage.createIssue('new', '')).number, 41);
      writeFileSync(garbled('000050_'), '');
      assert.equal((await storage.createIssue('new', '')).number, 51);
      unlinkSync(garbled('000050_'));
    });
  });
}
