// The embedded log: all partitions in one journal of files, made durable by group commit.

export { type JournalEvent, JournalOpenError } from "./events.ts"
export type { JournalLog, JournalPartition, JournalStatus } from "./journal.ts"
export { openJournal } from "./open.ts"
export type { JournalOptions } from "./options.ts"
export type { ProducerSpill, SpilledProducer, SpillSource } from "./producer-spill.ts"
