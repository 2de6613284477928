import { afterAll } from "vitest"
import { createS3ObjectStore } from "../../functions/storage/aws/s3/object-store.ts"
import { s3ClientFor, startS3ForTests, temporaryBucket } from "../aws/s3.ts"
import { describeObjectStore } from "./object-store.ts"

const s3 = await startS3ForTests()
const { client, bucket, dispose } = await temporaryBucket(s3.endpoint)
afterAll(async () => {
  await dispose()
  await s3.stop()
})

describeObjectStore(`S3 on ${s3.name}`, async () => {
  const again = s3ClientFor(s3.endpoint)
  return {
    store: createS3ObjectStore({ client, bucket }),
    reopen: async () => createS3ObjectStore({ client: again, bucket }),
    dispose: async () => again.destroy(),
  }
})
