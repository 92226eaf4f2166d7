/** What every bundle for Node shares, so that tests, tools and benchmarks run what the product runs. */
import { inRoot } from './paths.mjs';

/**
 * Packages whose build for Node cannot be bundled as a module, with their build that can.
 *
 * @type {import('esbuild').BuildOptions['alias']}
 */
export const moduleBuilds = { yaml: inRoot('node_modules/yaml/browser/index.js') };
