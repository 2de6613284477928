/** Nudges to upkeep in an AWS account. */
import type { PartitionRef } from "../log/ports.ts"
import type { TieringNudges } from "../partitions/dependencies.ts"
import { loadedOnce } from "./loaded-once.ts"

/** SNS's client is loaded with the first nudge: most environments end without one. */
export function openNudges(topicArn: string, failed: (partition: PartitionRef, error: unknown) => void): TieringNudges {
  const opened = loadedOnce(async () => {
    const { createSnsClient, createTieringNudges } = await import("../storage/aws/sns/index.ts")
    return createTieringNudges({ client: createSnsClient({}), topicArn, failed })
  })
  return {
    async nudge(partition) {
      try {
        await (await opened()).nudge(partition)
      } catch (error) {
        failed(partition, error)
      }
    },
  }
}
