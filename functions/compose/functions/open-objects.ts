import type { ObjectStore } from "../../segments/ports.ts"
import { createS3Client } from "../../storage/aws/s3/client.ts"
import { createS3ObjectStore } from "../../storage/aws/s3/object-store.ts"
import { type BucketOptions, observed } from "./options.ts"

/** Objects in S3. */
export function openObjects({ bucket, s3Endpoint, ...options }: BucketOptions): ObjectStore {
  const client = createS3Client({ ...observed(options), ...(s3Endpoint !== undefined && { endpoint: s3Endpoint }) })
  return createS3ObjectStore({ client, bucket })
}
