import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NodeDisk } from '../../../src/core/disk/nodeDisk.ts';
import { NUMBERED_FORMAT } from '../../../src/core/formats/numbered.ts';
import { issueKey, keysOfId } from '../../../src/core/formats/numberedLayout.ts';
import { StoreSchema } from '../../../src/core/formats/storeSchema.ts';
import type { IssueKey } from '../../../src/core/issue/issue.ts';
import { issueIdOfFile, numberOfId } from '../../../src/core/issue/issueFileName.ts';
import { meaningsOf } from '../../../src/core/issue/issueRef.ts';
import { FileSystemIssueStorage, type FileSystemIssueStorageOptions } from '../../../src/core/storage/fileSystemIssueStorage.ts';
import { BatchIssueStorage } from '../../../src/core/storage/issueStorage.ts';
import type { IssueStoragePort } from '../../../src/core/storage/issueStoragePort.ts';
import { CataloguedIssueStorage, type StoreKnowledge } from '../../../src/core/store/cataloguedIssueStorage.ts';

/** Our own format, which has no configuration. */
export const NUMBERED_SCHEMA = new StoreSchema(NUMBERED_FORMAT);

/** The named operations on the files of a folder. */
export function fileStorage(
  options: Pick<FileSystemIssueStorageOptions, 'folder'> & Partial<FileSystemIssueStorageOptions>,
): BatchIssueStorage {
  return new BatchIssueStorage(new FileSystemIssueStorage({ schema: NUMBERED_SCHEMA, disk: new NodeDisk(), ...options }));
}

/** The named operations on a storage that is asked by key, as it is below a catalogue which is always up to date. */
export function withNames(storage: IssueStoragePort, folder: string): BatchIssueStorage {
  return new BatchIssueStorage(new CataloguedIssueStorage(storage, new NamesOnDisk(storage, folder)));
}

/** What a catalogue knows of names, read anew for each question, past every disk that counts. */
class NamesOnDisk implements StoreKnowledge {
  constructor(
    readonly storage: IssueStoragePort,
    readonly folder: string,
  ) {}

  resolve(query: Parameters<StoreKnowledge['resolve']>[0]): { readonly key: IssueKey } | undefined {
    const keys = [false, true].flatMap((completed) => {
      const folder = completed ? join(this.folder, 'complete') : this.folder;
      return namesIn(folder).flatMap((name) => {
        const id = issueIdOfFile(name);
        return id === undefined ? [] : [issueKey(id, completed)];
      });
    });
    const [key] = meaningsOf(query, {
      has: (each) => keys.includes(each),
      withId: (id) => keysOfId(id).filter((each) => keys.includes(each)),
      withNumber: (number) => keys.filter((each) => numberOfId(each.slice(each.lastIndexOf('/') + 1)) === number),
    });
    return key && { key };
  }

  summaries(): never {
    throw new Error('No test of names lists summaries.');
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
