import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CreateAnswer, CreateOrder } from '../../processes/createIssues.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const CREATOR = fileURLToPath(new URL('../../processes/createIssues.mjs', import.meta.url));
const PROCESSES = 8;
const EACH = process.env.TRUST_SCALE === 'large' ? 250 : 25;

type Name = (creator: number, index: number) => string;

/** Long enough that it is not written in one go on every system, and different for every issue. */
const textOf = (creator: number, index: number) => `# Issue ${index} of ${creator}\n${`${creator}/${index} `.repeat(2_000)}end\n`;

describe('numbers, with several processes that create issues in one store', function () {
  this.timeout(EACH * 1_000);
  const folder = useTemporaryFolder();
  let creators: ChildProcess[] = [];

  afterEach(() => {
    for (const creator of creators) {
      creator.kill();
    }
    creators = [];
  });

  /** Starts all of them, and lets them begin when the last one is ready. @returns their keys, each in the order of its drafts. */
  async function createAll(atOnce: number, name: Name): Promise<string[][]> {
    creators = Array.from({ length: PROCESSES }, () => fork(CREATOR));
    await Promise.all(creators.map((creator) => answer(creator)));
    return Promise.all(
      creators.map(async (creator, which) => {
        const drafts = Array.from({ length: EACH }, (_, index) => ({ name: name(which, index), content: textOf(which, index) }));
        creator.send({ folder: folder().join('issues'), drafts, atOnce } satisfies CreateOrder);
        const result = await answer(creator);
        assert.ok('keys' in result, JSON.stringify(result));
        return [...result.keys];
      }),
    );
  }

  const cases: readonly [title: string, atOnce: number, name: Name][] = [
    ['equal names', 1, () => 'same'],
    ['different names', 1, (creator, index) => `issue ${index} of ${creator}`],
    ['batches of different names', 10, (creator, index) => `issue ${index} of ${creator}`],
  ];
  for (const [title, atOnce, name] of cases) {
    it(`are never the same: ${title}`, async () => {
      const keys = await createAll(atOnce, name);
      const numbers = keys.flat().map((key) => key.slice(0, 6));
      const repeated = numbers.filter((number, index) => numbers.indexOf(number) !== index);
      assert.deepEqual(repeated, [], 'numbers that are there twice');
      const expected = keys.flatMap((ofOne, creator) => ofOne.map((key, index) => [`issues/${key}.md`, textOf(creator, index)] as const));
      assert.equal(expected.length, PROCESSES * EACH);
      // Nothing else is there either: no claim stays behind.
      const contents = folder().contents();
      assert.deepEqual(Object.keys(contents), expected.map(([path]) => path).sort());
      for (const [path, text] of expected) {
        assert.ok(contents[path] === text, `${path} is not whole`);
      }
    });
  }
});

async function answer(creator: ChildProcess): Promise<CreateAnswer> {
  const ended = once(creator, 'exit').then(([code]) => ({ error: `ended with ${code}` }));
  const [message] = await Promise.race([once(creator, 'message') as Promise<[CreateAnswer]>, ended.then((error) => [error] as const)]);
  return message;
}
