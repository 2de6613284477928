/**
 * The product's server on DynamoDB and S3, with upkeep that has something to do every second, and with a bug where `--bug`
 * names one: the torture has to find it and name it.
 */
import { parseArgs } from "node:util"
import { startAwsServer } from "../../../functions/server/serve-aws.ts"
import { awsBugs } from "./bugs.ts"

const { values } = parseArgs({
  options: {
    table: { type: "string", default: "" },
    bucket: { type: "string", default: "" },
    bug: { type: "string" },
    /** How far its clock is ahead, milliseconds. */
    skew: { type: "string", default: "0" },
    port: { type: "string" },
    "data-dir": { type: "string" },
  },
})
const { table, bucket, bug } = values
const wrapIndex = bug === undefined ? undefined : awsBugs[bug]
if (bug !== undefined && wrapIndex === undefined) throw new Error(`--bug is one of ${Object.keys(awsBugs).join(", ")}`)
const rightNow = Date.now
Date.now = () => rightNow() + Number(values.skew)
const s3Endpoint = process.env["AWS_ENDPOINT_URL_S3"]
const server = await startAwsServer({
  table,
  bucket,
  port: 0,
  ...(s3Endpoint !== undefined && { s3Endpoint }),
  ...(wrapIndex && { wrapIndex }),
  upkeepIntervalMs: 700,
  sweepEveryMs: 4_000,
  // Whatever is a second old is tiered, and the segments are so small that they are merged too. The grace is longer than
  // a pause, and than clocks are apart.
  upkeep: { segmentBytes: 32 * 1024, minTierAgeMs: 1_000, maxTierAgeMs: 2_500, graceMs: 12_000 },
  settings: { maxHeadAgeMs: 10_000, maxPlacementAgeMs: 4_000 },
})
process.once("SIGTERM", () => void server.close().then(() => process.exit(0)))
process.stdout.write(`It serves ${server.url}\n`)
