import { FileSystemIssueStorage } from '../../src/core/storage/fileSystemIssueStorage.ts';

/** What our own list costs as a process of its own, beside the peers, which are commands: one line for each issue. */
const summaries = await new FileSystemIssueStorage({ folder: process.argv[2] ?? '' }).listSummaries();
process.stdout.write(`${summaries.map(({ id, title, progress }) => `${id}\t${title}\t${progress.done}/${progress.total}`).join('\n')}\n`);
