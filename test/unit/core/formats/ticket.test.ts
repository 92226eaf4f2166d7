import assert from 'node:assert/strict';
import { TICKET_FORMAT } from '../../../../src/core/formats/ticket.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { itReadsBrokenTexts } from '../../support/brokenIssueTexts.ts';
import { describedIssues, probeOf } from '../../support/describedIssues.ts';
import { itReadsTheCorpora } from '../../support/issueCorpora.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const TICKET = `---
id: un-x7k2
status: in_progress
deps: [un-0001,  un-0002]
links: [un-0003]
created: 2026-01-31T14:30:00Z
type: feature
priority: 0
assignee: Ann Other
external-ref: gh-12
parent: un-0004
tags: [core, ui]
---
# Take one step back

- [x] One step
- [ ] All steps
`;

describe('the format of tk', () => {
  const folder = useTemporaryFolder();
  before(loadYaml);

  itReadsTheCorpora('tk', TICKET_FORMAT);
  itReadsBrokenTexts(TICKET_FORMAT, 'un-x7k2.md', TICKET, undefined);

  const describeTicket = (text: string) => TICKET_FORMAT.describe('un-x7k2.md', text, undefined);

  it('finds its folder by one file that is a ticket', async () => {
    const detect = () => TICKET_FORMAT.detect(probeOf(folder().path));
    assert.deepEqual(await detect(), []);
    folder().writeAll({
      '.tickets/README.md': '# Tickets\n',
      '.tickets/a.md': '---\nid: a\n---\n',
      '.tickets/b.txt': '---\nid: b\ndeps: []\n---\n',
      '.tickets/c/c.md': '---\nid: c\ndeps: []\n---\n',
    });
    assert.deepEqual(await detect(), []);
    folder().write('.tickets/d.md', '---\r\nid: d\r\ndeps: []\r\n---\r\n# D\r\n');
    assert.deepEqual(await detect(), [{ folder: '.tickets' }]);
  });

  it('takes the markdown files with front matter, in its folder only', async () => {
    folder().writeAll({
      '.tickets/README.md': '# Tickets\n',
      '.tickets/empty.md': '',
      '.tickets/un-0001.md': '---\nid: un-0001\nstatus: closed\ndeps: []\n---\n# First\n',
      '.tickets/un-0002.md': '---\nstatus: open\n---\n# Second\n',
      '.tickets/un-0003.md': '<<<<<<< ours\n---\nid: un-0003\n=======\n---\n>>>>>>> theirs\n# Third\n',
      '.tickets/old/un-0004.md': '---\nid: un-0004\ndeps: []\n---\n',
      '.tickets/un-0005.txt': '',
    });
    const issues = await describedIssues(folder().path, TICKET_FORMAT);
    assert.deepEqual(
      issues.map(({ id, state, hasConflict }) => [id, state, hasConflict]),
      [
        ['un-0001', 'done', false],
        ['un-0002', 'open', false],
        ['un-0003', 'open', true],
      ],
    );
  });

  it('reads all fields of a ticket', () => {
    assert.deepEqual(describeTicket(TICKET), {
      id: 'un-x7k2',
      title: 'Take one step back',
      fields: {
        status: 'in_progress',
        priority: '0',
        type: 'feature',
        labels: ['core', 'ui'],
        assignees: ['Ann Other'],
        parent: 'un-0004',
        dependencies: ['un-0001', 'un-0002'],
        links: ['un-0003'],
        created: Date.parse('2026-01-31T14:30Z'),
      },
      progress: { done: 1, total: 2 },
      hasConflict: false,
    });
  });

  it('keeps ids that look like numbers as they are written', () => {
    assert.equal(describeTicket('---\nid: 12e4\ndeps: [0123, 1e3]\n---\n')?.id, '12e4');
    assert.deepEqual(describeTicket('---\nid: a\ndeps: [0123, 1e3]\n---\n')?.fields.dependencies, ['0123', '1e3']);
  });

  it('reads what forks and people write', () => {
    const forked = describeTicket('---\nid: nid_1\ntitle: Its title\ncreated_iso: 2026-01-31T14:30:00.25+01:00\n---\n# Another\n');
    assert.deepEqual([forked?.title, forked?.fields.created], ['Its title', Date.parse('2026-01-31T13:30:00.250Z')]);
    assert.deepEqual(describeTicket('---\nid: a\ndeps: b, c\nlinks:\n  - d\n---\n')?.fields, { dependencies: ['b', 'c'], links: ['d'] });
    assert.deepEqual(describeTicket('---\nid: a\nassignee:\nparent:\ntags:\n---\n'), {
      ...{ id: 'a', title: 'a', fields: {}, progress: { done: 0, total: 0 }, hasConflict: false },
    });
    const broken = describeTicket('---\nid: a\nstatus: open\nassignee: Ann: Other\n---\n# A\n');
    assert.deepEqual([broken?.id, broken?.fields.status, broken?.title, broken?.problem?.line], ['a', 'open', 'A', 3]);
  });

  it('takes the state from the status', () => {
    const stateOf = (status: string) => TICKET_FORMAT.stateOf({ key: 'a' as IssueKey, fields: { status }, progress: undefined }, undefined);
    assert.deepEqual(['open', 'in_progress', 'closed', 'done', 'else'].map(stateOf), ['open', 'active', 'done', 'done', 'open']);
    assert.deepEqual(TICKET_FORMAT.knownStatuses?.(undefined), ['open', 'in_progress', 'closed']);
  });

  it('knows the id and the title of a file that cannot be read', () => {
    assert.deepEqual(TICKET_FORMAT.describeName('un-x7k2.md', undefined), { id: 'un-x7k2', title: 'un-x7k2' });
  });
});
