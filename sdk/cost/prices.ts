/**
 * What AWS asks in us-east-1, US dollars, without free tiers, volume discounts and commitments. From the pricing pages of each
 * service (aws.amazon.com/dynamodb/pricing/on-demand, /s3/pricing, /lambda/pricing, /api-gateway/pricing, /cloudwatch/pricing, /kms/pricing, /route53/pricing,
 * /kinesis/data-streams/pricing, /msk/pricing), as of November 2026. Data transfer within a region to DynamoDB, S3 and
 * Lambda costs nothing.
 */
export interface Prices {
  /** On demand, Standard table class, one region. */
  readonly dynamoDb: {
    /** 1 KiB of the item written or deleted, begun. */
    readonly writeUnit: number
    /** 4 KiB read strongly consistent, begun. Eventually consistent: half. */
    readonly readUnit: number
    readonly gbMonth: number
    /** Of the table's size, on top, for point-in-time recovery. */
    readonly recoveryGbMonth: number
  }
  /** S3 Standard. Deletes cost nothing. */
  readonly s3: {
    /** PUT, COPY, POST or LIST. */
    readonly put: number
    readonly get: number
    readonly gbMonth: number
  }
  /** arm64. */
  readonly lambda: { readonly request: number; readonly gbSecond: number }
  /** CloudWatch Logs, Standard: what is written, and what is kept. */
  readonly logs: { readonly gbIn: number; readonly gbMonth: number }
  /** A key of one's own. */
  readonly kms: { readonly keyMonth: number }
  readonly route53: { readonly zoneMonth: number }
  /** 512 KiB of a request, begun. A function URL costs nothing of its own. */
  readonly httpApi: { readonly request: number }
  /** On demand. A record counts as whole KiB; 24 hours of storage are included. */
  readonly kinesis: {
    readonly streamHour: number
    readonly gbIn: number
    readonly gbOut: number
    /** From 24 hours to 7 days. */
    readonly extendedGbMonth: number
    /** Beyond 7 days. */
    readonly longTermGbMonth: number
  }
  readonly kinesisProvisioned: {
    /** 1 MB or 1,000 records a second. */
    readonly shardHour: number
    /** 25 KiB of a record, begun. */
    readonly putUnit: number
    /** For each shard, on top, where records are kept from 24 hours to 7 days. */
    readonly extendedShardHour: number
    readonly longTermGbMonth: number
  }
  readonly mskServerless: {
    readonly clusterHour: number
    readonly partitionHour: number
    readonly gbIn: number
    readonly gbOut: number
    readonly gbMonth: number
  }
}

const MILLION = 1_000_000

export const prices: Prices = {
  dynamoDb: { writeUnit: 0.625 / MILLION, readUnit: 0.125 / MILLION, gbMonth: 0.25, recoveryGbMonth: 0.2 },
  s3: { put: 5 / MILLION, get: 0.4 / MILLION, gbMonth: 0.023 },
  lambda: { request: 0.2 / MILLION, gbSecond: 0.000_013_333_4 },
  logs: { gbIn: 0.5, gbMonth: 0.03 },
  kms: { keyMonth: 1 },
  route53: { zoneMonth: 0.5 },
  httpApi: { request: 1 / MILLION },
  kinesis: { streamHour: 0.04, gbIn: 0.08, gbOut: 0.04, extendedGbMonth: 0.1, longTermGbMonth: 0.023 },
  kinesisProvisioned: { shardHour: 0.015, putUnit: 0.014 / MILLION, extendedShardHour: 0.02, longTermGbMonth: 0.023 },
  mskServerless: { clusterHour: 0.75, partitionHour: 0.0015, gbIn: 0.1, gbOut: 0.05, gbMonth: 0.1 },
}
