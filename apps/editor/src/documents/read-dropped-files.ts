/**
 * Files of a drop, those inside dropped folders included, each under its path below what was dropped. System files that
 * nobody means to upload are left out.
 */
export async function readDroppedFiles(transfer: DataTransfer): Promise<readonly { name: string; file: File }[]> {
  // Entries have to be taken before the first await: the transfer is emptied when the handler returns.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return nameFiles(transfer.files);
  const found: { name: string; file: File }[] = [];
  for (const entry of entries) await collectFiles(entry, found);
  return found.filter(({ name }) => isWanted(name));
}

/** Files of a file dialog; of a chosen folder with their paths. */
export function nameFiles(files: FileList | readonly File[]): readonly { name: string; file: File }[] {
  return [...files]
    .map((file) => ({ name: file.webkitRelativePath || file.name, file }))
    .filter(({ name }) => isWanted(name));
}

async function collectFiles(entry: FileSystemEntry, found: { name: string; file: File }[]): Promise<void> {
  if (isFileEntry(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ name: entry.fullPath.replace(/^\//, ''), file });
  } else if (isFolderEntry(entry)) {
    for (const child of await readFolder(entry)) await collectFiles(child, found);
  }
}

/** A reader gives a folder's entries in parts of a hundred, and an empty part at last. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return all;
    all.push(...part);
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isWanted(name: string): boolean {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last !== '' && !last.startsWith('.') && last !== 'Thumbs.db' && last !== 'desktop.ini';
}
