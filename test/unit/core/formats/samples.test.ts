import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_FORMATS } from '../../../../src/core/formats/allFormats.ts';
import { FRONT_MATTER_FORMAT } from '../../../../src/core/formats/frontMatterFolder.ts';
import type { StoreFormat } from '../../../../src/core/formats/storeFormat.ts';
import type { IssueKey } from '../../../../src/core/issue/issue.ts';
import { loadYaml } from '../../../../src/core/markdown/yamlReader.ts';
import { type DescribedIssue, describedIssues, probeOf } from '../../support/describedIssues.ts';

// The tests run in the project's folder.
const SAMPLES = join(process.cwd(), 'samples');

/** What the markers show in each folder, by format. */
const STORES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'many-trackers': {
    backlog: [
      'BACK-5 Order milk by itself: dropped, To Do, low',
      'BACK-4 Print the shelf as a table: done, Done, export, 1/1',
      'BACK-7 Show what runs out this week: active, In Progress, high, shelf, 1/3',
      'BACK-7.1 Read dates that are printed without a year: open, To Do, medium, scanner',
      'BACK-9 Scanner: takes the batch number for a date: review, In Review, high, scanner',
    ],
    beans: [
      'larder-b7ht Compress photos on the phone: done, completed, normal',
      'larder-9xq2 Keep a photo that two products share: open, todo, critical, storage, photos',
      'larder-k3fw Move photos out of the database: active, in-progress, high, storage, 1/2',
      'larder-p0ve Release the new storage: open, draft, normal',
      'larder-z1cd Photos of empty jars: dropped, scrapped, low',
    ],
    scratch: [
      'kitchen-timer/01 Start a timer from a recipe: active, in progress, timer, 1/2',
      'kitchen-timer/02 Ring on the other phone: open, ready-for-agent, high',
      'kitchen-timer/03 Pause while the oven door is open: dropped, wontfix (there is no way to know)',
      'shopping/01 Share a shopping list by link: done, done — works without an account',
    ],
  },
  boards: {
    'kanban-md': [
      '#1 Weigh flour in sacks: active, in-progress, high, units, 1/2',
      '#2 One recipe for many ovens: open, todo, medium, recipes',
      '#3 Allergens on the label: review, review, critical',
      '#4 Count rolls by the tray: done, done, low',
      '#5 Bake to order: dropped, archived, low',
    ],
    'agent-kanban': [
      'Pick a speech model that runs on the phone: done, done',
      'Add products by voice: active, doing, high, speech',
      'Forget recordings after a minute: open, todo, critical, speech, privacy',
    ],
    'kanban-markdown': [
      'Dark colours: done, done, low',
      'Larger type on the shelf: active, in-progress, high, access, shelf, 2/3',
      'Read the shelf aloud: open, backlog, medium, access',
    ],
  },
  plans: {
    'spec-kit': ['001 A shelf for guests: active, 3/5', '002 Map of the freezer: open, 0/2', '003 Import receipts: done, 2/2'],
    openspec: ['add-calendar-feed: active, 1/3', 'limit-requests: done, 1/1', 'sign-exports: open, 0/2'],
    kiro: ['Jars that are lent out: open, 0/2', 'Scan in the shop: done, 2/2', 'Weekly menu: active, 2/4'],
  },
  tickets: {
    ticket: [
      'lar-01ze Remove the old sync: done, closed, 4',
      'lar-4f2a Two phones count the same jar twice: active, in_progress, 0, sync, data-loss, 1/2',
      'lar-8c01 Show who took the last one: open, open, 2, sync',
      'lar-k9dd Households of more than four: open, open, 1',
    ],
  },
};

/** `BACK-7 Title: state, status, priority, labels, 1/3`. */
function lineOf(format: StoreFormat, { path, id, number, title, state, fields, progress }: DescribedIssue): string {
  const label = format.labelOf({ key: path.replace(/\.md$/, '') as IssueKey, id, ...(number !== undefined && { number }) });
  const tasks = progress.total === 0 ? [] : [`${progress.done}/${progress.total}`];
  const facts = [state, fields.status, fields.priority, ...(fields.labels ?? []), ...tasks].filter((fact) => fact !== undefined);
  return `${label === undefined ? '' : `${label} `}${title}: ${facts.join(', ')}`;
}

describe('the samples of other tools', () => {
  before(loadYaml);

  for (const [folder, stores] of Object.entries(STORES)) {
    describe(`in ${folder}`, () => {
      const root = join(SAMPLES, folder);

      it('are found by their markers, and no others', async () => {
        const found = await Promise.all(ALL_FORMATS.map(async ({ id, detect }) => ((await detect(probeOf(root))).length > 0 ? [id] : [])));
        assert.deepEqual(found.flat(), Object.keys(stores));
      });

      for (const format of ALL_FORMATS.filter(({ id }) => id in stores)) {
        it(`are read as ${format.label} reads them`, async () => {
          const issues = await describedIssues(root, format);
          assert.deepEqual(
            issues.map((issue) => lineOf(format, issue)),
            stores[format.id],
          );
          assert.deepEqual(
            issues.filter(({ problem, hasConflict }) => problem !== undefined || hasConflict),
            [],
          );
        });
      }
    });
  }

  it('are read where a setting names them', async () => {
    const { 'markdownIssues.stores': stores } = JSON.parse(readFileSync(join(SAMPLES, 'tickets/.vscode/settings.json'), 'utf8'));
    assert.deepEqual(stores, ['auto', { folder: 'ideas', format: FRONT_MATTER_FORMAT.id, label: 'Ideas' }]);
    const issues = await describedIssues(join(SAMPLES, 'tickets'), FRONT_MATTER_FORMAT, [{ folder: 'ideas' }]);
    assert.deepEqual(
      issues.map((issue) => lineOf(FRONT_MATTER_FORMAT, issue)),
      [
        'IDEA-12 Count what is thrown away: active, in progress, high, waste',
        'IDEA-13 Offer leftovers to neighbours: open, proposed, low, waste, sharing',
        'IDEA-9 A calendar of what is in season: done, done',
      ],
    );
  });

  it('are all in the workspace that is opened, and every format is among them', () => {
    const { folders } = JSON.parse(readFileSync(join(SAMPLES, 'samples.code-workspace'), 'utf8'));
    const inSamples = readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'issues');
    assert.deepEqual(folders.map(({ path }: { readonly path: string }) => path).sort(), ['.', ...inSamples.map(({ name }) => name)].sort());
    const formats = ['numbered', FRONT_MATTER_FORMAT.id, ...Object.values(STORES).flatMap((stores) => Object.keys(stores))];
    assert.deepEqual(formats.sort(), ALL_FORMATS.map(({ id }) => id).sort());
  });
});
