/** `npm run package`: builds the extension and packages it, unless that has been done since the last change. */
import { relative } from 'node:path';
import { root, vsixFile } from './paths.mjs';
import { ensureBuild, ensureDependencies, ensureVsix } from './setup.mjs';

await ensureDependencies();
await ensureBuild();
await ensureVsix();
console.log(relative(root, vsixFile));
