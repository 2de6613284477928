import { type Command, Option } from "commander"
import {
  alternatives,
  estimate,
  type FrontDoor,
  type PlacementWish,
  placementQuestion,
  prices,
  defaultWorkload as usual,
  type Workload,
} from "../../cost/index.ts"
import { limits } from "../../protocol/limits.ts"
import { usageFailure } from "../failure.ts"
import { costLines } from "../format/cost-tables.ts"
import { integer } from "../parse/integer.ts"
import { rate } from "../parse/rate.ts"
import { duration, size } from "../parse/size.ts"
import type { Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly rate: number
  readonly recordSize: number
  readonly batch: number
  readonly partitions: number
  readonly retention: number
  readonly consumers: number
  readonly fetchRate: number
  readonly wait: number
  readonly producers: number
  readonly placement: PlacementWish
  readonly frontDoor: FrontDoor
  readonly memory: number
}

const MiB = 1024 ** 2

export function addCost(program: Command, shell: Shell): void {
  const command = program
    .command("cost")
    .description(
      "Estimate what a steady workload costs in a month on AWS, and what it costs there on Kinesis and MSK. Asks no server.",
    )
    .option("--rate <n>", "records a second, on average over the month", rate, usual.recordsPerSecond)
    .option("--record-size <bytes>", "key and value of a record, as compressed", size(1), usual.recordBytes)
    .option("--batch <n>", "records in one produce request", integer(1), usual.recordsPerRequest)
    .option("--partitions <n>", "partitions of the topic", integer(1, limits.maxPartitions), usual.partitions)
    .addOption(
      new Option("--retention <duration>", "how long records are kept")
        .argParser(duration)
        .default(usual.retentionMs, "7d"),
    )
    .option("--consumers <n>", "groups that each read every record", integer(0), usual.consumers)
    .option("--fetch-rate <n>", "fetches a second of each group, all partitions together", rate, usual.fetchesPerSecond)
    .option("--wait <duration>", "how long a fetch waits on average; in Lambda waiting costs", duration, usual.waitMs)
    .option("--producers <n>", "idempotent producers active in a partition", integer(0), usual.producersPerPartition)
    .addOption(
      new Option("--placement <wish>", "the topic's placement").choices(["cost", "latency"]).default(usual.placement),
    )
    .addOption(
      new Option("--front-door <kind>", "what takes the requests")
        .choices(["http-api", "function-url"])
        .default(usual.frontDoor),
    )
    .addOption(
      new Option("--memory <bytes>", "memory of the Lambda function")
        .argParser(size(128 * MiB))
        .default(usual.memoryMiB * MiB, "512MiB"),
    )
    .action(async (options: Options, self: Command) => {
      const session = shell.session(self)
      const workload = workloadOf(options)
      const result = { workload, ...estimate(workload, prices), alternatives: alternatives(workload, prices) }
      await session.print(result, () => costLines(session, result))
    })
  withExamples(command, {
    "strata cost": "Ten records of 1 KiB a second, each in a request of its own",
    "strata cost --rate 1000 --batch 500 --record-size 1KiB": "A thousand a second in batches",
    "strata cost --rate 0.1 --fetch-rate 0.02 --front-door function-url": "A quiet topic",
    "strata cost --rate 50000 --batch 1000 --partitions 10 --json": "For programs",
  })
}

function workloadOf(options: Options): Workload {
  const workload: Workload = {
    recordsPerSecond: options.rate,
    recordBytes: options.recordSize,
    recordsPerRequest: options.batch,
    partitions: options.partitions,
    retentionMs: options.retention,
    consumers: options.consumers,
    fetchesPerSecond: options.fetchRate,
    waitMs: options.wait,
    producersPerPartition: options.producers,
    placement: options.placement,
    frontDoor: options.frontDoor,
    memoryMiB: options.memory / MiB,
  }
  if (placementQuestion(workload).bytes > limits.maxBatchBytes) {
    throw usageFailure(
      `--batch and --record-size make a batch of more than ${limits.maxBatchBytes / MiB} MiB, the largest there is.`,
    )
  }
  return workload
}
