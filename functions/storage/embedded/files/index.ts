// Files as the journal uses them.

export {
  type DirectoryLock,
  DirectoryLockedError,
  type DirectorySyncPurpose,
  errorCode,
  type FileLayer,
  isOutOfSpace,
  type OpenFile,
  type SyncPurpose,
} from "./file-layer.ts"
export { nodeFiles } from "./node-files.ts"
