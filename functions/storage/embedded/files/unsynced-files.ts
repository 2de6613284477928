import type { FileLayer } from "./file-layer.ts"
import { nodeFiles } from "./node-files.ts"

/** The file system of this machine, which may forget what it holds when the power fails: for logs that outlive no test. */
export const unsyncedFiles: FileLayer = {
  ...nodeFiles,
  open: async (path, mode) => ({
    ...(await nodeFiles.open(path, mode)),
    datasync: async () => {},
    datasyncNow: () => {},
    sync: async () => {},
  }),
  syncDirectory: async () => {},
}
