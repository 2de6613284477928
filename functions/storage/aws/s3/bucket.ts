import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  type CreateBucketCommandInput,
  HeadBucketCommand,
  type S3Client,
} from "@aws-sdk/client-s3"
import { failureFrom, statusOf } from "./failures.ts"

export type BucketCheck =
  | { readonly kind: "usable" }
  /** `detail`: a sentence for whoever starts the server. */
  | { readonly kind: "unusable"; readonly detail: string }

/** Where buckets are made without naming a region; naming it is refused. */
const DEFAULT_REGION = "us-east-1"

/** Made with what S3 gives a bucket by itself: encrypted, closed to the public. One that is this account's already is left as it is. */
export async function createBucket(client: S3Client, bucket: string): Promise<BucketCheck> {
  const region = await client.config.region()
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...placeIn(region) }))
    return { kind: "usable" }
  } catch (error) {
    const name = error instanceof Error ? error.name : ""
    if (name === "BucketAlreadyOwnedByYou") return { kind: "usable" }
    if (name === "BucketAlreadyExists") return unusable(`the bucket ${bucket} is somebody else's: choose another name.`)
    return unusable(failureFrom(error, `make bucket ${bucket}`).detail)
  }
}

/** The SDK's list of regions is as old as the SDK. */
function placeIn(region: string): Pick<CreateBucketCommandInput, "CreateBucketConfiguration"> {
  if (region === DEFAULT_REGION) return {}
  return { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }
}

export async function checkBucket(client: S3Client, bucket: string): Promise<BucketCheck> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }))
    return { kind: "usable" }
  } catch (error) {
    return unusable(explained(bucket, error))
  }
}

/** The answer to a HEAD has no body, so no code: the status has to do. */
function explained(bucket: string, error: unknown): string {
  switch (statusOf(error)) {
    case 301:
      return `the bucket ${bucket} lies in another region: set AWS_REGION to it.`
    case 403:
      return `these credentials may not use the bucket ${bucket}.`
    case 404:
      return `the bucket ${bucket} does not exist: make it, or start with --create.`
    default:
      return failureFrom(error, `be asked for bucket ${bucket}`).detail
  }
}

function unusable(detail: string): BucketCheck {
  return { kind: "unusable", detail }
}
