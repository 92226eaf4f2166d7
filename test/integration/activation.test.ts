import assert from 'node:assert/strict';
import { workspace } from 'vscode';
import { eventually, until } from '../support/polling.ts';
import { activated, extension, sourceOf } from './support/api.ts';

describe('activation', () => {
  it('happens by itself in a workspace with an issue store', async () => {
    // There is no event for it.
    await until(() => extension().isActive, 'the extension to be activated');
  });

  it('opens one store for each workspace folder, in their order', async () => {
    const { stores } = await activated();
    assert.deepEqual(
      stores.all.map(({ id, folder }) => [id, folder.name]),
      (workspace.workspaceFolders ?? []).map(({ uri, name }) => [uri.toString(), name]),
    );
  });

  it('reads the stores and watches them', async () => {
    const api = await activated();
    const [alpha, beta] = [sourceOf(api, 'alpha').store, sourceOf(api, 'beta').store];
    assert.deepEqual([alpha.state, beta.state], ['ready', 'missing']);
    // Nobody waits for the watchers.
    await eventually(() => assert.deepEqual([alpha.snapshot().watcher, beta.snapshot().watcher], ['watching', 'watching']));
    assert.deepEqual([alpha.watchFailure, beta.watchFailure], [undefined, undefined]);
    assert.deepEqual([alpha.catalogue.active.length, alpha.catalogue.completed.length], [2, 1]);
  });
});
