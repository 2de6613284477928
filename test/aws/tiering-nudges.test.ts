// The real SNS client against a server that takes what is published, or fails.
import { vi } from "vitest"
import { openNudges } from "../../functions/compose/open-nudges.ts"
import type { PartitionRef } from "../../functions/log/ports.ts"
import type { TieringNudges } from "../../functions/partitions/dependencies.ts"
import { createSnsClient } from "../../functions/storage/aws/sns/client.ts"
import { createTieringNudges } from "../../functions/storage/aws/sns/tiering-nudges.ts"
import { describeTieringNudges, type TieringNudgesSubject } from "../contract/tiering-nudges.ts"
import { type SnsServer, startSnsServer } from "../fakes/sns-server.ts"

const ARN = "arn:aws:sns:us-east-1:000000000000:nudges"
const credentials = { accessKeyId: "test", secretAccessKey: "test" }

type Report = (partition: PartitionRef) => void

async function makeSubject(open: (server: SnsServer, failed: Report) => TieringNudges): Promise<TieringNudgesSubject> {
  const server = await startSnsServer()
  const failed: PartitionRef[] = []
  return {
    nudges: open(server, (partition) => failed.push(partition)),
    get events() {
      return server.events()
    },
    failed,
    break: (how) => server.behave(how),
    mend: () => server.behave("accept"),
    dispose: async () => {
      vi.unstubAllEnvs()
      await server.stop()
    },
  }
}

describeTieringNudges("SNS", () =>
  makeSubject(({ endpoint }, failed) => {
    const client = createSnsClient({ endpoint, region: "us-east-1", credentials })
    return createTieringNudges({ client, topicArn: ARN, failed })
  }),
)

describeTieringNudges("SNS, opened as a function does it", () =>
  makeSubject(({ endpoint }, failed) => {
    vi.stubEnv("AWS_ENDPOINT_URL_SNS", endpoint)
    vi.stubEnv("AWS_REGION", "us-east-1")
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test")
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test")
    return openNudges(ARN, failed)
  }),
)
