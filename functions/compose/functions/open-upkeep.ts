/** Upkeep over DynamoDB and S3. It needs objects in every run, so that their client is there from the beginning. */
import type { BatchCodecs } from "stratalog/record-batch"
import type { Unavailable } from "../../log/ports.ts"
import type { UpkeepSettings } from "../../segments/dependencies.ts"
import type { UpkeepRecord } from "../../segments/upkeep/records.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../../storage/aws/dynamodb/groups/group-store.ts"
import { indexSizes } from "../../storage/aws/dynamodb/index-sizes.ts"
import { createPartitionIndex } from "../../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createSegmentIndex } from "../../storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../../storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../../storage/aws/dynamodb/upkeep-records.ts"
import type { IndexedUpkeep } from "../indexed-upkeep.ts"
import { type LagOf, lagService } from "../lag-service.ts"
import { clock } from "../process-parts.ts"
import { recordedUpkeep, recordedUpkeepSome } from "../recorded-upkeep.ts"
import { upkeepService } from "../upkeep-service.ts"
import { openObjects } from "./open-objects.ts"
import { type BucketOptions, observed } from "./options.ts"

export interface UpkeepOptions extends BucketOptions {
  readonly table: string
  readonly codecs: BatchCodecs
  /** Hears of a report of a run that could not be left. */
  readonly unrecorded: (failure: Unavailable) => void
  /** Hears of each report. */
  readonly recorded?: (record: UpkeepRecord) => void
  /** What upkeep does otherwise than by default. */
  readonly upkeep?: Partial<UpkeepSettings>
}

/** Upkeep, and how far groups are: it is called by schedules, and may look by one, too. */
export interface OpenUpkeep extends IndexedUpkeep {
  readonly lagOf: LagOf
}

export function openUpkeep(options: UpkeepOptions): OpenUpkeep {
  const { table, codecs, unrecorded, recorded, upkeep: settings, ...bucket } = options
  const clients = createDynamoDbClients(observed(bucket))
  const storage = {
    index: createPartitionIndex({ clients, table }),
    sizes: indexSizes,
    segments: createSegmentIndex({ clients, table }),
    objects: openObjects(bucket),
    topics: createTopicStore(clients, table),
  }
  const { upkeep, upkeepSome } = upkeepService(storage, { codecs, ...(settings && { upkeep: settings }) })
  const recording = { records: createUpkeepRecords(clients, table), clock, unrecorded, recorded }
  return {
    upkeep: recordedUpkeep(upkeep, recording),
    upkeepSome: recordedUpkeepSome(upkeepSome, recording),
    lagOf: lagService({ ...storage, groups: createGroupStore(clients, table) }),
  }
}
