import assert from 'node:assert/strict';
import { completionsFor, countFilterValues, endsUnknown, type FilterValues } from '../../../../src/core/search/filterCompletions.ts';
import { FILTER_KEYS } from '../../../../src/core/search/filterWords.ts';
import { SLICE_MS } from '../../../../src/core/timeSlices.ts';
import { numbered, summaryOf } from '../../support/summaries.ts';

const counted = (...texts: readonly string[]) => texts.map((text, index) => ({ text, count: texts.length - index }));
const VALUES: FilterValues = { label: counted('ui', 'good first', 'gui'), assignee: counted('@ada'), status: [], parent: counted('12') };

const words = (text: string, cursor = text.length) => completionsFor(text, cursor, VALUES).map(({ word }) => word);
const texts = (text: string, cursor = text.length) => completionsFor(text, cursor, VALUES).map((each) => each.text);

describe('completions of a filter', () => {
  it('are keys for a word, all of them after a blank', () => {
    assert.deepEqual(
      words(''),
      FILTER_KEYS.map((key) => `${key}:`),
    );
    assert.equal(words('is:open ').length, FILTER_KEYS.length);
    assert.deepEqual(texts('is:open -LA'), ['is:open -label:']);
    assert.deepEqual(words('login'), []);
  });

  it('are the values of a key, what begins so first', () => {
    assert.deepEqual(words('label:'), ['label:ui', 'label:"good first"', 'label:gui']);
    assert.deepEqual(words('label:UI'), ['label:ui', 'label:gui']);
    assert.deepEqual(texts('x -label:good'), ['x -label:"good first" ']);
    assert.deepEqual(texts('label:"good f'), ['label:"good first" ']);
    assert.deepEqual(words('label:ui,'), ['label:ui,"good first"', 'label:ui,gui'], 'none twice');
    assert.deepEqual(words('is:re'), ['is:review', 'is:ready']);
    assert.deepEqual(words('assignee:'), ['assignee:me', 'assignee:@ada']);
    assert.deepEqual(words('changed:7'), ['changed:7d']);
    assert.deepEqual(words('status:'), []);
    assert.deepEqual(completionsFor('label:u', 7, VALUES)[0], { key: 'label', word: 'label:ui', text: 'label:ui ', count: 3 });
  });

  it('leave what is behind the cursor', () => {
    assert.deepEqual(texts('lab text', 3), ['label: text']);
    assert.deepEqual(texts('label:u text', 7), ['label:ui text', 'label:gui text']);
  });

  it('are needed where no issue has the word', () => {
    assert.equal(endsUnknown('label:u', VALUES), true);
    for (const text of ['label:UI', 'label:u ', 'label:ui,gui', 'parent:7', 'is:open', 'changed:3d', 'u', 'type:bug']) {
      assert.equal(endsUnknown(text, VALUES), false, text);
    }
  });
});

describe('the values of a filter', () => {
  it('are counted without case, what most issues have first', async () => {
    const issues = [
      summaryOf('000001_a', { fields: { labels: ['ui', 'Later'], status: 'todo', parent: '7' } }),
      summaryOf('000002_b', { fields: { labels: ['later'], assignees: ['ada', ' '] } }),
      summaryOf('000003_c'),
    ];
    assert.deepEqual(await countFilterValues(issues), {
      status: [{ text: 'todo', count: 1 }],
      label: [
        { text: 'Later', count: 2 },
        { text: 'ui', count: 1 },
      ],
      priority: [],
      assignee: [{ text: 'ada', count: 1 }],
      type: [],
      milestone: [],
      parent: [{ text: '7', count: 1 }],
    });
  });

  it('are counted in slices, and not further when called off', async () => {
    const aborted = new AbortController();
    let now = 0;
    const clock = { now: () => (now += SLICE_MS), epoch: () => now };
    const counting = countFilterValues(numbered(1, 10_000), { clock, signal: aborted.signal });
    aborted.abort(new Error('called off'));
    await assert.rejects(counting, /called off/);
  });
});
