import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { issueIdOfFile, nextIssueNumber, parseIssueId } from '../../../../src/core/issue/issueFileName.ts';
import { outlineOf } from '../../../../src/core/markdown/issueMarkdown.ts';

type Sample = [file: string, number: number | undefined, name: string, title: string | undefined, progress: string];

const active: Sample[] = [
  ['000000_how-we-write-issues.md', 0, 'how-we-write-issues', 'How we write issues', '0/0'],
  ['000007_barcode-scanner-loses-focus.md', 7, 'barcode-scanner-loses-focus', 'Barcode scanner loses focus after the third item', '2/4'],
  [
    '000012.md',
    12,
    '',
    'When two people tick off the same item on the shopping list, it comes back for both of them a second later.',
    '0/0',
  ],
  ['000012_expiry-reminders.md', 12, 'expiry-reminders', 'Remind people before food expires', '3/5'],
  ['000015_shopping-list-a.md', 15, 'shopping-list-a', 'Shopping list: sort by aisle', '0/3'],
  ['000015_shopping-list-b.md', 15, 'shopping-list-b', 'Shopping list: merge equal products', '0/2'],
  ['000015_step.md', 15, 'step', 'Step 15: Shopping list', '0/2'],
  ['000018_000018_unit-conversion.md', 18, '000018_unit-conversion', 'Unit conversion', '2/3'],
  ['000021_offline-mode.md', 21, 'offline-mode', 'Offline mode for cellars, campers and other places without a network', '1/3'],
  ['000023_recipe-import.md', 23, 'recipe-import', 'Import recipes from a web page', '1/3'],
  ['000024_csv-export.md', 24, 'csv-export', 'CSV export for the insurance', '4/9'],
  ['000025_label-printer.md', 25, 'label-printer', 'Label printer prints the date twice', '2/3'],
  ['000026_french-translation.md', 26, 'french-translation', 'Traduction française : « à consommer avant le … »', '2/3'],
  ['000027_dark-theme.md', 27, 'dark-theme', undefined, '0/0'],
  ['000028_sync-conflict.md', 28, 'sync-conflict', 'Two phones, one jar of jam 🍓', '0/2'],
  ['000029_release-checklist.md', 29, 'release-checklist', '#! /usr/bin/env larder-release', '3/7'],
  ['000030_unit-table-audit.md', 30, 'unit-table-audit', 'Audit of the unit table', '301/454'],
  ['000031_quoted-report.md', 31, 'quoted-report', "panicked at 'attempt to subtract with overflow', src/stock/withdraw.rs:88", '2/3'],
  ['000033_weekly-summary.md', 33, 'weekly-summary', 'Weekly summary, second attempt', '0/3'],
  ['0-fix-stock-rounding.md', undefined, '0-fix-stock-rounding', 'Rounding eats the last spoon of flour', '0/2'],
  [
    '01K2T7Q4M8X1Z9V5C3B6N0R2WE.md',
    undefined,
    '01K2T7Q4M8X1Z9V5C3B6N0R2WE',
    'Search does not find “Möhren” when you type “mohren”.',
    '0/0',
  ],
  ['01K2TB9F6HJ3N8PQ0RSTVWXYZ4.md', undefined, '01K2TB9F6HJ3N8PQ0RSTVWXYZ4', 'Write down why we chose SQLite', '0/0'],
  ['MEMORANDA_189_kitchen-interviews.md', undefined, 'MEMORANDA_189_kitchen-interviews', 'Notes from five kitchens', '0/0'],
  ['SHELL_MCP_000280_completion-scripts.md', undefined, 'SHELL_MCP_000280_completion-scripts', 'Shell completion for product names', '0/3'],
  [
    'cli_000006_main-command-integration.md',
    undefined,
    'cli_000006_main-command-integration',
    'CLI 6: Wire the subcommands into larder',
    '1/3',
  ],
  ['flow_mcp_00000_pairing.md', undefined, 'flow_mcp_00000_pairing', 'Pair a kitchen scale', '0/0'],
  ['unify-quantity-formats.md', undefined, 'unify-quantity-formats', 'Unify quantity formats', '1/2'],
  ['~scratch-ideas.md', undefined, '~scratch-ideas', 'a shelf that knows what stands on it', '0/0'],
];

const completed: Sample[] = [
  ['000001_project-setup.md', 1, 'project-setup', 'Set up the project', '3/3'],
  ['000002_step.md', 2, 'step', 'Step 2: Products and storage places', '2/2'],
  ['000003_step.md', 3, 'step', 'Step 3: Take and add', '3/3'],
  ['000004_product-lookup.md', 4, 'product-lookup', 'Look a product up by its barcode', '0/0'],
  ['000005.md', 5, '', 'The page title says “Larder – undefined” on the start page.', '0/0'],
  ['000006_first-login.md', 6, 'first-login', 'First login shows an empty shelf', '2/2'],
  ['000008_step.md', 8, 'step', 'Step 8: Households', '4/4'],
  ['000010_photo-upload.md', 10, 'photo-upload', 'Photos of products', '3/4'],
  ['000011_rate-limits.md', 11, 'rate-limits', 'Rate limits for the product lookup', '0/0'],
  ['000013.md', 13, '', 'Deleting a household leaves its photos behind. Delete them too, after thirty days.', '0/0'],
  ['000013_tax-fields.md', 13, 'tax-fields', 'Remove the tax fields', '0/0'],
  ['000033_weekly-summary.md', 33, 'weekly-summary', 'Weekly summary', '2/2'],
  [
    '01K2QZ4D7E8F9GAHBJCKDMENFP.md',
    undefined,
    '01K2QZ4D7E8F9GAHBJCKDMENFP',
    'Text size on the label is too small for my grandmother. Make it 14 points.',
    '0/0',
  ],
  ['cli_000001_argument-parsing.md', undefined, 'cli_000001_argument-parsing', 'CLI 1: Parse quantities such as 1½kg', '2/2'],
  ['fix_negative_stock_after_undo.md', undefined, 'fix_negative_stock_after_undo', 'Undo twice gives negative stock', '0/0'],
];

// The tests run in the project's folder.
const store = join(process.cwd(), 'samples', 'issues');
const read = (file: string) => readFileSync(join(store, file), 'utf8');

function issueFiles(folder: string): string[] {
  return readdirSync(folder).filter((file) => issueIdOfFile(file) !== undefined);
}

describe('the sample store', () => {
  for (const [folder, samples] of [
    ['', active],
    ['complete', completed],
  ] as const) {
    describe(folder === '' ? 'active issues' : 'completed issues', () => {
      it('are exactly these files', () => {
        assert.deepEqual(issueFiles(join(store, folder)).sort(), samples.map(([file]) => file).sort());
      });

      for (const [file, number, name, title, progress] of samples) {
        it(`${file} is read as it should`, () => {
          const id = issueIdOfFile(file) ?? '';
          assert.deepEqual(parseIssueId(id), { id, name, ...(number === undefined ? {} : { number }) });
          const outline = outlineOf(read(join(folder, file)));
          assert.equal(outline.title, title);
          assert.equal(`${outline.progress.done}/${outline.progress.total}`, progress);
        });
      }
    });
  }

  it('has room for new issues', () => {
    const ids = [...active, ...completed].map(([file]) => issueIdOfFile(file) ?? '');
    assert.equal(nextIssueNumber(ids), 34);
  });

  it('has a folder that is not part of it', () => {
    assert.deepEqual(readdirSync(join(store, 'pending')), ['000040_guest-access.md']);
  });

  it('has file names that Windows and macOS can tell apart and store', () => {
    for (const samples of [active, completed]) {
      const files = samples.map(([file]) => file);
      assert.equal(new Set(files.map((file) => file.toLowerCase())).size, files.length);
      for (const file of files) {
        assert.doesNotMatch(file, /[\\/:*?"<>|\p{Cc}]|[. ]$/u);
      }
    }
  });

  it('has one name in both folders, with different text', () => {
    assert.notEqual(read('000033_weekly-summary.md'), read('complete/000033_weekly-summary.md'));
  });

  it('keeps its unusual bytes', () => {
    assert.equal(read('000026_french-translation.md').charCodeAt(0), 0xfeff);
    assert.equal(read('000027_dark-theme.md'), '');
    assert.match(read('000025_label-printer.md'), /^([^\r\n]*\r\n)+$/);
    assert.doesNotMatch(read('000028_sync-conflict.md'), /\n$/);
    assert.ok(read('000030_unit-table-audit.md').length > 40_000);
    assert.match(read('000023_recipe-import.md'), /^---\nsource_branch: "main"\ncompleted: true\n---\n/);
    assert.match(read('complete/000004_product-lookup.md'), /^---\nsource_branch: "main"\ncompleted: false\n---\n[^\n]/);
  });

  it('has executable files', function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    for (const file of ['000029_release-checklist.md', 'complete/000011_rate-limits.md']) {
      assert.equal(statSync(join(store, file)).mode & 0o777, 0o755, file);
    }
    assert.equal(statSync(join(store, '000012.md')).mode & 0o111, 0);
  });
});
