/** The browser that shows VS Code to the tests. */
import { chromium } from 'playwright-core';
import { findBrowser } from './findBrowser.mjs';
import { startServer } from './vscodeServer.mjs';

/** @returns {Promise<import('playwright-core').Browser>} a headless one; whoever starts it closes it. */
export function launchBrowser() {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'];
  return chromium.launch({
    executablePath: findBrowser(),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...quiet],
  });
}

/**
 * Server and browser side by side. When one does not come up, the other is taken down.
 *
 * @param {Parameters<typeof startServer>[0]} box
 * @param {Parameters<typeof startServer>[1]} [options]
 * @returns {Promise<[import('./vscodeServer.mjs').Server, import('playwright-core').Browser]>}
 */
export async function startBoth(box, options) {
  const [server, browser] = await Promise.allSettled([startServer(box, options), launchBrowser()]);
  if (server.status === 'fulfilled' && browser.status === 'fulfilled') return [server.value, browser.value];
  if (server.status === 'fulfilled') await server.value.stop();
  if (browser.status === 'fulfilled') await browser.value.close();
  throw server.status === 'rejected' ? server.reason : /** @type {PromiseRejectedResult} */ (browser).reason;
}
