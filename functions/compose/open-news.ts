/** News of appends in an AWS account. */
import type { AppendNews } from "../log/ports.ts"

/** Loads SNS's client, which only those need who tell of appends. */
export async function openNews(topicArn: string, failed: (topic: string, error: unknown) => void): Promise<AppendNews> {
  const { createAppendNews, createSnsClient } = await import("../storage/aws/sns/index.ts")
  return createAppendNews({ client: createSnsClient({}), topicArn, clock: { now: Date.now }, failed })
}
