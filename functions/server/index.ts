/** The package `stratalog-server`: the embedded log in your own process. */
export { type DataDirectoryEntry, inspectDataDirectory } from "./inspect-data-directory.ts"
export { inspectSegments, type SegmentEntry } from "./inspect-segments.ts"
export { inspectStorage, type StorageFacts } from "./inspect-storage.ts"
export { type Embedded, type EmbeddedOptions, openEmbedded } from "./open-embedded.ts"
export type { PartitionReport, RestoreObjectsOptions } from "./restore-aws.ts"
export { restoreObjects } from "./restore-objects.ts"
export { type RunningServer, type ServerOptions, startServer } from "./serve-embedded.ts"
