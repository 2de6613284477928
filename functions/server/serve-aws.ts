/** Serves the log in DynamoDB and S3. Loaded only where that is asked for: the embedded log starts without the AWS SDK. */
import { limits } from "stratalog/protocol"
import { limitedCodecs } from "../codecs/limited-codecs.ts"
import { nativeCodecs } from "../codecs/native-codecs.ts"
import { type AwsOptions, openAws } from "../compose/open-aws.ts"
import { storageLines } from "../http/logs/storage-lines.ts"
import { StorageMetrics } from "../http/metrics/storage-metrics.ts"
import type { StorageObserver } from "../log/storage-observer.ts"
import { prepareStorage } from "../storage/aws/prepare.ts"
import { DECOMPRESSIONS } from "./bounds/bounds.ts"
import { rareSweeps } from "./rare-sweeps.ts"
import { reportTo } from "./report.ts"
import { type RequestContext, requestContext } from "./request-context.ts"
import { type Served, type ServeOptions, serve } from "./serve.ts"
import { StartError } from "./start-error.ts"
import { startUpkeep, UPKEEP_INTERVAL_MS } from "./start-upkeep.ts"
import { version } from "./version.ts"

/** Topics are remembered so long, milliseconds: other processes may change them, and looking costs a request. */
const configDelayMs = 1_000

/** The same for keys and access control lists. */
const accessDelayMs = 5_000

/** Longer than anything lasts that was under way when a topic was deleted. */
const SWEEP_EVERY_MS = 2 * 3_600_000

/** To tell how much topics hold and how far groups are costs a read of every partition, milliseconds. */
const FIGURES_EVERY_MS = 60_000

/** What is asked of the log otherwise than by default. */
type LogOptions = Pick<AwsOptions, "settings" | "upkeep" | "wrapIndex">

export interface AwsServerOptions extends ServeOptions, LogOptions {
  readonly table: string
  readonly bucket: string
  /** Make table and bucket where they are missing. */
  readonly create?: boolean
  /** Absent: S3 at AWS. DynamoDB's is for the SDK to find, in AWS_ENDPOINT_URL_DYNAMODB. */
  readonly s3Endpoint?: string
  /** The longest that a fetch or a poll waits, milliseconds; default a minute. */
  readonly maxWaitMs?: number
  /** Between two rounds of upkeep, milliseconds; default a minute. */
  readonly upkeepIntervalMs?: number
  /** Between two sweeps, milliseconds; default two hours. */
  readonly sweepEveryMs?: number
}

/** Rejects with a `StartError` where table or bucket cannot be used. */
export async function startAwsServer(options: AwsServerOptions): Promise<Served> {
  const { table, bucket, create = false, s3Endpoint } = options
  const { upkeepIntervalMs = UPKEEP_INTERVAL_MS, sweepEveryMs = SWEEP_EVERY_MS } = options
  const at = s3Endpoint === undefined ? {} : { s3Endpoint }
  const s3 = s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }
  const prepared = await prepareStorage({ table, bucket, create, dynamoDb: {}, s3 })
  if (prepared.kind === "unusable") throw new StartError(prepared.detail)
  const metrics = new StorageMetrics()
  const context = requestContext()
  const observer = observerOf(metrics, context, options)
  const aws = openAws({ ...logOptions(options), table, bucket, ...at, observer })
  const { upkeepRecords: records } = aws.deps
  const rare = rareSweeps(aws.upkeep, sweepEveryMs)
  const upkeep = startUpkeep({ upkeep: rare, records, intervalMs: upkeepIntervalMs }, options)
  const close = async () => {
    await upkeep.stop()
    aws.close()
  }
  const families = () => [...metrics.families(), ...upkeep.families()]
  const storage = { deps: aws.deps, access: { store: aws.access, rememberMs: accessDelayMs }, families, close }
  return serve({ ...storage, figuresEveryMs: FIGURES_EVERY_MS, around: context.around }, options)
}

function observerOf(metrics: StorageMetrics, { requestId }: RequestContext, options: ServeOptions): StorageObserver {
  const tell = storageLines({ report: reportTo(options), clock: { now: Date.now }, requestId })
  return {
    attempted: (attempt) => {
      metrics.attempted(attempt)
      tell(attempt)
    },
    refused: (reason) => metrics.refused(reason),
    rolled: () => metrics.rolled(),
  }
}

function logOptions({ settings, upkeep, wrapIndex, maxWaitMs = limits.maxWaitMs }: AwsServerOptions) {
  return {
    limits: { ...limits, configDelayMs, accessDelayMs, maxWaitMs },
    codecs: limitedCodecs(nativeCodecs(), DECOMPRESSIONS),
    version,
    ...(settings && { settings }),
    ...(upkeep && { upkeep }),
    ...(wrapIndex && { wrapIndex }),
  }
}
