// Files as the journal and the objects use them.

export {
  type DirectoryLock,
  DirectoryLockedError,
  type DirectorySyncPurpose,
  errorCode,
  type FileFacts,
  type FileLayer,
  isOutOfSpace,
  type OpenFile,
  type SyncPurpose,
} from "./file-layer.ts"
export { checkFormat, markFormat } from "./format-file.ts"
export { ifThere } from "./if-there.ts"
export { makeDurableDirectory } from "./make-directory.ts"
export { nodeFiles } from "./node-files.ts"
export { unsyncedFiles } from "./unsynced-files.ts"
export { type PlacedBytes, writeFully, writeFullyNow } from "./write-fully.ts"
