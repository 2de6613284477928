/** Nudges to upkeep in an AWS account. */
import type { PartitionRef } from "../log/ports.ts"
import type { TieringNudges } from "../partitions/dependencies.ts"

/** SNS's client is loaded with the first nudge: most environments end without one. */
export function openNudges(topicArn: string, failed: (partition: PartitionRef, error: unknown) => void): TieringNudges {
  let opened: Promise<TieringNudges> | undefined
  return {
    async nudge(partition) {
      try {
        opened ??= load(topicArn, failed)
        await (await opened).nudge(partition)
      } catch (error) {
        opened = undefined
        failed(partition, error)
      }
    },
  }
}

async function load(
  topicArn: string,
  failed: (partition: PartitionRef, error: unknown) => void,
): Promise<TieringNudges> {
  const { createSnsClient, createTieringNudges } = await import("../storage/aws/sns/index.ts")
  return createTieringNudges({ client: createSnsClient({}), topicArn, failed })
}
