/** Tells an observer of each attempt of a client; a body that an answer begins comes behind it. */
import type { S3Client } from "@aws-sdk/client-s3"
import type { StorageAttempt, StorageObserver } from "../../../log/storage-observer.ts"
import { endOfAttempt } from "./failures.ts"

export function watchClient(client: S3Client, observer: StorageObserver): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = (context.commandName ?? "").replace(/Command$/, "")
      const begun = performance.now()
      const tell = (ended: StorageAttempt["ended"], detail?: string) => {
        const seconds = (performance.now() - begun) / 1000
        const attempt = { service: "s3" as const, operation, seconds, ended, writeUnits: 0, readUnits: 0 }
        observer.attempted(detail === undefined ? attempt : { ...attempt, detail })
      }
      try {
        const answered = await next(args)
        tell("answered")
        return answered
      } catch (error) {
        const { ended, detail } = endOfAttempt(error, operation)
        tell(ended, detail)
        throw error
      }
    },
    { step: "deserialize", priority: "high", name: "watchClient" },
  )
}
