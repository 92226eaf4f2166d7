/** Finds an installed browser of Chromium's family. Playwright's own download is not needed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { firstExisting } from './paths.mjs';

function candidates() {
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(
      (path) => path !== undefined,
    );
    const files = ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    return files.flatMap((file) => roots.map((path) => join(path, file)));
  }
  return [
    // Debian's own binaries first: /usr/bin/chromium there is a shell script that adds what headless runs do not need.
    '/usr/lib/chromium/chromium-headless-shell',
    '/usr/lib/chromium/chromium',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/microsoft-edge',
  ];
}

/**
 * The browser's executable, or undefined where none is installed. `CHROMIUM` or `CHROME_PATH` names another one.
 *
 * @returns {string | undefined}
 */
export function findBrowser() {
  const named = process.env.CHROMIUM || process.env.CHROME_PATH;
  if (!named) return firstExisting(...candidates());
  if (!existsSync(named)) throw new Error(`There is no browser at ${named}, which CHROMIUM or CHROME_PATH names.`);
  return named;
}
