// Files out of a drop, folders included.
export const FOLDER_FILES_MAX = 500;

interface Entry {
  isFile: boolean;
  isDirectory: boolean;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function walk(entry: FileSystemEntry & Entry, into: File[]): Promise<void> {
  if (into.length > FOLDER_FILES_MAX) return;
  if (entry.isFile) {
    into.push(await fileOf(entry as FileSystemFileEntry));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives at most a hundred at a time, and nothing when done.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some) await walk(child, into);
  }
}

export async function filesOf(transfer: DataTransfer): Promise<{ files: File[]; cut: boolean }> {
  // Entries must be taken before the first await: the browser empties the transfer afterwards.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return { files: plain, cut: false };
  const files: File[] = [];
  for (const entry of entries) if (entry) await walk(entry, files);
  const visible = files.filter((file) => !file.name.startsWith("."));
  return { files: visible.slice(0, FOLDER_FILES_MAX), cut: visible.length > FOLDER_FILES_MAX };
}

export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer !== null && [...transfer.types].includes("Files");
}
