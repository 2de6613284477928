/**
 * What the journal and the objects ask of a file system. `nodeFiles` is the real one; the simulations stand in for it with one that
 * loses power. Errors are those of Node: an `Error` with a `code` such as "ENOSPC".
 */

/** Which of the syncs this is: faults are injected, and failures explained, by it. */
export type SyncPurpose = "append" | "new_file" | "undo" | "seal" | "sidecar" | "recovery" | "object" | "format"

export type DirectorySyncPurpose =
  | "data_directory"
  | "new_file"
  | "sidecar"
  | "removal"
  | "recovery"
  | "object_folder"
  | "object_entry"
  | "object_removal"
  | "format"

export interface FileFacts {
  /** Bytes. */
  readonly size: number
  /** Epoch milliseconds. */
  readonly modifiedAt: number
}

export interface OpenFile {
  /** Writes the buffers one after another from `position`; answers how many bytes, which may be fewer. */
  write(buffers: readonly Uint8Array[], position: number): Promise<number>
  /** As `write`, on the caller's thread. */
  writeNow(buffers: readonly Uint8Array[], position: number): number
  /** Makes the bytes and the size durable (fdatasync). */
  datasync(purpose: SyncPurpose): Promise<void>
  /** As `datasync`, on the caller's thread. */
  datasyncNow(purpose: SyncPurpose): void
  /** Makes everything durable (fsync). */
  sync(purpose: SyncPurpose): Promise<void>
  /** Fills `into` from `position`; answers how many bytes, which are fewer only at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>
  truncate(length: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

export interface DirectoryLock {
  release(): void
}

export interface FileLayer {
  /** `create` refuses a file that exists (EEXIST); the others one that does not (ENOENT). */
  open(path: string, mode: "read" | "write" | "create"): Promise<OpenFile>
  /** Makes the directory and its parents; answers the topmost one that was made, if any. */
  makeDirectory(path: string): Promise<string | undefined>
  /** Names in the directory, in no order. */
  list(path: string): Promise<readonly string[]>
  remove(path: string): Promise<void>
  /** Within one file system; a file that has the name is replaced, in one step. */
  rename(from: string, to: string): Promise<void>
  facts(path: string): Promise<FileFacts>
  /** Makes the directory's entries durable: files created and removed. */
  syncDirectory(path: string, purpose: DirectorySyncPurpose): Promise<void>
  /** Keeps every other opener of the directory out, in this process and in others, until released or until the process dies. Throws DirectoryLockedError. */
  lock(directory: string): DirectoryLock
}

/** Somebody else works in the directory. */
export class DirectoryLockedError extends Error {
  override readonly name = "DirectoryLockedError"
}

/** The code that Node gives an error of the operating system. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}

/** Whether there was no room: disk full, quota used up, file size limit. */
export function isOutOfSpace(error: unknown): boolean {
  const code = errorCode(error)
  return code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG"
}
