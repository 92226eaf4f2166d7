/**
 * Loaded with `--require` into VS Code's server and what it starts. In an extension host it answers on a port of this machine how many
 * bytes the heap has after garbage collection, and writes that port into the file that `HEAP_PROBE_FILE` names. Needs `--expose-gc`.
 */
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:http');

if (process.argv.includes('--type=extensionHost')) {
  const server = createServer((_, response) => {
    // What the first collection finalizes is collected by the second.
    globalThis.gc();
    globalThis.gc();
    response.end(String(process.memoryUsage().heapUsed));
  });
  server.listen(0, '127.0.0.1', () => writeFileSync(process.env.HEAP_PROBE_FILE, String(server.address().port)));
  server.unref();
}
