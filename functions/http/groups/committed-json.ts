/** Committed offsets as the API answers them. */
import type { CommittedOffsets } from "stratalog/protocol"
import type { CommittedOffset } from "../../groups/ports.ts"

export function committedJson(offsets: readonly CommittedOffset[]): CommittedOffsets {
  return {
    offsets: offsets.map(({ topic, partition, offset, metadata, committedAt }) => {
      return { topic, partition: partition.partition, offset, metadata, committedAt }
    }),
  }
}
