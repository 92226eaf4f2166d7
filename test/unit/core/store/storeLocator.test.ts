import assert from 'node:assert/strict';
import { symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreLocatorOptions } from '../../../../src/core/store/storeLocator.ts';
import { StoreLocator } from '../../../../src/core/store/storeLocator.ts';
import { CountingDisk } from '../../support/countingDisk.ts';
import { SETTINGS } from '../../support/openStore.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('files of a store are found', () => {
  const folder = useTemporaryFolder();
  const disk = () => new CountingDisk();
  const located = async (configured: string | undefined, options: Partial<StoreLocatorOptions> = {}) => {
    const settings = () => ({ ...SETTINGS, folder: configured });
    const locator = new StoreLocator({ root: folder().join('w'), disk: disk(), settings, ...options });
    const place = await locator.locate();
    locator.take(place.folder);
    await locator.resolveLinks(place.folder);
    return { locator, place };
  };
  const paths = (locator: StoreLocator, ...names: readonly string[]) => names.map((name) => locator.pathOf(folder().join(name)));
  beforeEach(() => {
    folder().makeFolder('w');
  });

  it('by the path of its folder, the folder itself among them', async () => {
    const { locator } = await located('issues/');
    assert.deepEqual(paths(locator, 'w/issues', 'w/issues/a.md', 'w/issues/complete/a.md', 'w/issues2/a.md', 'w/a.md'), [
      '',
      'a.md',
      'complete/a.md',
      undefined,
      undefined,
    ]);
  });

  it('wherever it is', async () => {
    assert.deepEqual(paths((await located('../tracker')).locator, 'tracker/a.md', 'w/tracker/a.md'), ['a.md', undefined]);
  });

  it('by their real path, where the folder is a link or lies under one', async () => {
    folder().makeFolder('far/tracker');
    symlinkSync('../far/tracker', folder().join('w/issues'));
    symlinkSync('../far', folder().join('w/link'));
    for (const configured of [undefined, 'link/tracker']) {
      const { locator, place } = await located(configured);
      assert.deepEqual([locator.pathOf(join(place.folder, 'a.md')), ...paths(locator, 'far/tracker/a.md')], ['a.md', 'a.md']);
    }
    assert.deepEqual(paths((await located('link/missing')).locator, 'far/missing/complete/a.md'), ['complete/a.md']);
  });

  it('by the path that they have in a workspace folder behind a link', async () => {
    folder().makeFolder('w/issues');
    symlinkSync('w', folder().join('alias'));
    const { locator } = await located(folder().join('w/issues'), { root: folder().join('alias') });
    assert.deepEqual(paths(locator, 'alias/issues/a.md', 'w/issues/a.md'), ['a.md', 'a.md']);
  });

  it('without asking the disk each time', async () => {
    const counting = disk();
    const { locator } = await located(undefined, { disk: counting });
    counting.reset();
    paths(locator, 'w/issues/a.md', 'elsewhere/a.md');
    assert.deepEqual(counting.calls, []);
  });

  it('where links lead now, once they are resolved again', async () => {
    for (const name of ['one', 'two']) {
      folder().makeFolder(name);
    }
    symlinkSync('../one', folder().join('w/issues'));
    const { locator, place } = await located(undefined);
    unlinkSync(place.folder);
    symlinkSync('../two', place.folder);
    await locator.resolveLinks(place.folder);
    assert.deepEqual(paths(locator, 'one/a.md', 'two/a.md', 'w/issues/a.md'), [undefined, 'a.md', 'a.md']);
  });
});
