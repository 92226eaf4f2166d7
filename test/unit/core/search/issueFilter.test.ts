import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IssueCatalogue } from '../../../../src/core/catalogue/issueCatalogue.ts';
import { BEANS_FORMAT } from '../../../../src/core/formats/beans.ts';
import type { IssueSummary } from '../../../../src/core/issue/issue.ts';
import type { IssueFields } from '../../../../src/core/issue/issueFields.ts';
import { IssueWords, searchWords } from '../../../../src/core/issue/issueWords.ts';
import { type FilterContext, IS_VALUES } from '../../../../src/core/search/filterConditions.ts';
import { FilterError } from '../../../../src/core/search/filterError.ts';
import { FILTER_KEYS, filterWordsOf, printedFilter } from '../../../../src/core/search/filterWords.ts';
import { parseIssueFilter } from '../../../../src/core/search/issueFilter.ts';
import { filterOf } from '../../support/filters.ts';
import { summaryOf } from '../../support/summaries.ts';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

function catalogueOf(...issues: readonly IssueSummary[]): IssueCatalogue {
  const catalogue = new IssueCatalogue();
  catalogue.apply({ current: issues.map((summary) => ({ summary, stat: undefined })), removed: [] });
  return catalogue;
}

const issue = (id: string, fields: IssueFields = {}, more: Partial<IssueSummary> = {}) => summaryOf(id, { fields, ...more });

/** The numbers of the issues that fit. */
function found(catalogue: IssueCatalogue, text: string, context: Partial<FilterContext> = {}): (number | undefined)[] {
  const filter = filterOf(text, { now: NOW, ...context });
  return catalogue
    .summaries()
    .filter((summary) => filter.fits(summary, catalogue))
    .map(({ number }) => number);
}

function refusal(text: string, context: Partial<FilterContext> = {}): [word: string, message: string] {
  const error = parseIssueFilter(text, { me: [], now: NOW, ...context });
  assert.ok(error instanceof FilterError, text);
  return [text.slice(error.start, error.end), error.message];
}

describe('the filter language', () => {
  const catalogue = catalogueOf(
    issue('000001_a', { status: 'In Progress', labels: ['UI', 'backend'], priority: 'High', assignees: ['@Ada'] }, { state: 'active' }),
    issue(
      '000002_b',
      { status: 'todo', labels: ['ui', 'later'], priority: '1', type: 'bug', milestone: 'Spring release' },
      { title: 'Login' },
    ),
    issue('000003_c', { labels: ['good first', 'a,b'], assignees: ['bob', 'ada'] }, { state: 'review' }),
    summaryOf('000004_d', { completed: true, fields: { priority: 'high', labels: ['ui'] } }),
    summaryOf('000005_e', { state: 'dropped' }),
  );

  it('asks for states', () => {
    assert.deepEqual(found(catalogue, 'is:open'), [1, 2, 3]);
    assert.deepEqual(found(catalogue, 'IS:Active'), [1]);
    assert.deepEqual(found(catalogue, 'is:review'), [3]);
    assert.deepEqual(found(catalogue, 'is:completed'), [4, 5]);
    assert.deepEqual(found(catalogue, 'is:done'), [4]);
    assert.deepEqual(found(catalogue, 'is:dropped'), [5]);
    assert.deepEqual(found(catalogue, 'is:active,dropped'), [1, 5]);
    assert.deepEqual(found(catalogue, 'is:open -is:active'), [2, 3], 'the same key twice asks for both');
  });

  it('compares words whole and without case, in quotes where they have blanks or commas', () => {
    assert.deepEqual(found(catalogue, 'label:UI'), [1, 2, 4]);
    assert.deepEqual(found(catalogue, 'label:u'), []);
    assert.deepEqual(found(catalogue, 'label:"good first"'), [3]);
    assert.deepEqual(found(catalogue, 'label:"a,b"'), [3]);
    assert.deepEqual(found(catalogue, 'status:"in progress",TODO'), [1, 2]);
    assert.deepEqual(found(catalogue, 'milestone:"spring release" type:bug'), [2]);
    assert.deepEqual(found(catalogue, 'priority:P1'), [2], 'tools that count priorities say P1');
  });

  it('wants all of what an issue can have several of, and any of what it has once', () => {
    assert.deepEqual(found(catalogue, 'label:ui label:backend'), [1]);
    assert.deepEqual(found(catalogue, 'label:ui label:later,backend'), [1, 2]);
    assert.deepEqual(found(catalogue, 'priority:high priority:1'), [1, 2, 4]);
    assert.deepEqual(found(catalogue, 'id:1 id:5'), [1, 5]);
    assert.deepEqual(found(catalogue, 'assignee:ada assignee:bob'), [3]);
  });

  it('leaves out what has a minus', () => {
    assert.deepEqual(found(catalogue, 'label:ui -label:later'), [1, 4]);
    assert.deepEqual(found(catalogue, '-label:later,backend -is:completed'), [3]);
    assert.deepEqual(found(catalogue, '-priority:high -priority:1'), [3, 5]);
  });

  it('knows people with and without their sign, and the one who asks', () => {
    assert.deepEqual(found(catalogue, 'assignee:@ADA'), [1, 3]);
    assert.deepEqual(found(catalogue, 'assignee:me', { me: ['Bob', 'bob@example.org'] }), [3]);
    assert.match(refusal('assignee:me')[1], /Write the name/);
  });

  it('asks for times', () => {
    const times = catalogueOf(
      issue('000001_a', {}, { modifiedAt: NOW - DAY, createdAt: NOW - 400 * DAY }),
      issue('000002_b', { updated: NOW - 10 * DAY, created: NOW - 20 * DAY }, { modifiedAt: NOW, createdAt: NOW }),
    );
    assert.deepEqual(found(times, 'changed:7d'), [1], 'what the file says comes before what a checkout leaves');
    assert.deepEqual(found(times, 'changed:2w'), [1, 2]);
    assert.deepEqual(found(times, 'changed:>7d'), [2]);
    assert.deepEqual(found(times, 'changed:<7d -changed:23h'), [1]);
    assert.deepEqual(found(times, 'created:>1y'), [1]);
    assert.deepEqual(found(times, 'created:1m'), [2]);
    assert.deepEqual(found(times, 'changed:2w changed:>7d'), [2], 'both ends of a span');
  });

  it('asks for relations, by whatever an issue can be called', () => {
    const related = catalogueOf(
      issue('000001_epic'),
      issue('000002_a', { parent: '#1' }),
      issue('000003_b', { parent: '000001_epic', dependencies: ['2'] }),
      issue('000004_c', { parent: 'elsewhere', dependencies: ['5', '99'] }),
      summaryOf('000005_d', { completed: true }),
      issue('000006_e', { dependencies: ['3'] }, { state: 'active' }),
    );
    for (const text of ['parent:1', 'parent:#1', 'parent:000001', 'parent:000001_epic', 'parent:000001_epic.md']) {
      assert.deepEqual(found(related, text), [2, 3], text);
    }
    assert.deepEqual(found(related, 'parent:ELSEWHERE,1'), [2, 3, 4]);
    assert.deepEqual(found(related, 'depends:2'), [3]);
    assert.deepEqual(found(related, 'blocks:3'), [2]);
    assert.deepEqual(found(related, 'is:ready'), [1, 2, 4], 'what is completed or missing holds nothing up');
    assert.deepEqual(found(related, 'is:blocked'), [3, 6]);
    assert.deepEqual(found(related, 'id:#2,000003_b'), [2, 3]);
  });

  it('takes ids as their format does', () => {
    const other = new IssueCatalogue(BEANS_FORMAT);
    const bean = (id: string, fields: IssueFields) => ({ ...summaryOf(id, { fields }), id });
    const issues = [bean('beans-3tlw', {}), bean('beans-k3fw', { parent: 'beans-3tlw', blocks: ['beans-zzzz'] }), bean('beans-zzzz', {})];
    other.apply({ current: issues.map((summary) => ({ summary, stat: undefined })), removed: [] });
    const ids = (text: string) =>
      other
        .summaries()
        .filter((each) => filterOf(text).fits(each, other))
        .map(({ id }) => id);
    assert.deepEqual(ids('parent:beans-3tlw'), ['beans-k3fw']);
    assert.deepEqual(ids('is:blocked'), ['beans-zzzz']);
    assert.deepEqual(ids('depends:beans-k3fw'), ['beans-zzzz']);
  });

  it('points at the word that means nothing, and says what to write instead', () => {
    const [word, message] = refusal('login is:open,redy label:ui');
    assert.equal(word, 'redy');
    assert.equal(message, '“is:redy” is not known. Use open, active, review, completed, done, dropped, ready or blocked.');
    assert.deepEqual(refusal('a changed:soon b').slice(0, 1), ['soon']);
    assert.match(refusal('changed:soon')[1], /changed:7d/);
    assert.deepEqual(refusal('label: ui'), [
      'label:',
      '“label:” needs a value, such as label:ui. To search for the word itself, put it in quotes.',
    ]);
  });

  it('waits for the end of a term that is being typed', () => {
    const typing = { isTyping: true };
    assert.deepEqual(found(catalogue, 'is:open label:', typing), [1, 2, 3]);
    assert.deepEqual(found(catalogue, 'is:open is:re', typing), [1, 2, 3]);
    assert.deepEqual(found(catalogue, 'is:open changed:7', typing), [1, 2, 3]);
    assert.deepEqual(found(catalogue, 'label:goo', typing), [3]);
    assert.deepEqual(found(catalogue, 'label:ui,goo', typing), [1, 2, 3, 4]);
    assert.deepEqual(found(catalogue, 'label:"good fi', typing), [3]);
    assert.deepEqual(found(catalogue, 'is:open -label:l', typing), [1, 2, 3], 'nothing is left out by half a word');
    assert.deepEqual(found(catalogue, 'label:goo ', typing), [], 'a blank ends it');
    assert.equal(refusal('is:re ', typing)[0], 're');
  });

  it('searches for what has no known key, and remarks on what looks like one', () => {
    const texts = catalogueOf(
      issue('000001_a', {}, { title: 'See http://x and foo:bar' }),
      issue('000002_b', {}, { title: 'What label:ui means, -x and "quotes" too' }),
    );
    assert.deepEqual(found(texts, 'http://x'), [1]);
    assert.deepEqual(found(texts, 'foo:bar'), [1]);
    assert.deepEqual(found(texts, '"label:ui"'), [2]);
    assert.deepEqual(found(texts, '"and foo"'), [1], 'words that stand together');
    assert.deepEqual(found(texts, '"foo and"'), []);
    assert.deepEqual(found(texts, '-x'), [2], 'a minus alone negates nothing');
    const remarks = (text: string) => filterOf(text).remarks.map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(remarks('a lable:ui http://x "foo:bar" 12:30'), ['lable:ui']);
    assert.match(filterOf('lable:ui').remarks[0]?.message ?? '', /no key “lable”. Keys are is, status,/);
  });

  it('means with plain words what words have always meant', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', '#', '1', ' ', '\u3000', '-', 'é', 'e\u0301', ':', '/'), maxLength: 12 });
    const title = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', 'É', '-'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, title, (query, made) => {
        const summary = issue('000012_ab', { labels: ['a b'] }, { title: made });
        assert.equal(filterOf(query).fitOf(summary, catalogue), new IssueWords(searchWords(query)).fitOf(summary));
      }),
    );
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom(...FILTER_KEYS, ...IS_VALUES, ':', ',', '"', '\\', '-', ' ', '7d', '>', 'me', 'ui', '\n'), { maxLength: 20 })
      .map((parts) => parts.join('')),
  );

  it('never throws, and points into the text', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, isTyping) => {
        const filter = parseIssueFilter(text, { me: ['ada'], now: NOW, isTyping });
        const remarks = filter instanceof FilterError ? [filter] : filter.remarks;
        for (const { start, end } of remarks) {
          assert.ok(start >= 0 && start < end && end <= text.length);
        }
        if (!(filter instanceof FilterError)) {
          filter.fits(issue('000001_a'), catalogue);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is printed so that it says the same', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const meaning = (read: string) => {
          const { terms, words } = filterWordsOf(read);
          const values = terms.map(({ key, isNegated, values }) => [key, isNegated, values.map((value) => value.text)]);
          return [values, words.map((word) => word.text)];
        };
        assert.deepEqual(meaning(printedFilter(filterWordsOf(text))), meaning(text));
      }),
      { numRuns: 500 },
    );
  });
});
