/** Nudges upkeep by an SNS topic to which its function subscribes. */
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns"
import type { PartitionRef } from "../../../log/ports.ts"
import type { TieringNudges } from "../../../partitions/dependencies.ts"

export interface TieringNudgesOptions {
  readonly client: SNSClient
  readonly topicArn: string
  /** A nudge that could not be sent: the schedule makes up for it. */
  readonly failed: (partition: PartitionRef, error: unknown) => void
}

/** An append waits for it, so it is given up with all its attempts. */
const TIMEOUT_MS = 1_500

/** Messages are `{"topicId": id, "partition": number}`. */
export function createTieringNudges({ client, topicArn, failed }: TieringNudgesOptions): TieringNudges {
  return {
    async nudge({ topicId, partition }) {
      const command = new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify({ topicId, partition }) })
      try {
        await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) })
      } catch (error) {
        failed({ topicId, partition }, error)
      }
    },
  }
}
