/** What the functions of a deployment are told. */
import type { ContentCodecs } from "stratalog/record-batch"
import type { StorageObserver } from "../../log/storage-observer.ts"
import type { ServiceOptions } from "../service-options.ts"

export interface TableOptions extends Omit<ServiceOptions, "codecs"> {
  readonly table: string
}

/** Of a function that looks into records. */
export interface RecordsOptions extends TableOptions, BucketOptions, Pick<ServiceOptions, "codecs"> {}

/** Of a function that does not. */
export interface AdminOptions extends TableOptions {
  readonly codecs: ContentCodecs
}

export interface BucketOptions extends Observed {
  readonly bucket: string
  /** Absent: S3 at AWS. */
  readonly s3Endpoint?: string
}

export type Observed = Pick<ServiceOptions, "observer">

/** For the clients of AWS. */
export function observed({ observer }: Observed): { readonly observer?: StorageObserver } {
  return observer === undefined ? {} : { observer }
}
