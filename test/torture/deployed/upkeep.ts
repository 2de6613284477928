/** Upkeep as its schedule fires it: two runs at the same time, some of them killed in the middle, until one has nothing left to do. */
import { setTimeout as sleep } from "node:timers/promises"
import type { LocalAws } from "../../../tools/localstack/aws.ts"
import { functionProcesses, signal } from "../../../tools/localstack/function-processes.ts"
import { type Invoked, invoke } from "../../../tools/localstack/functions.ts"
import type { Random } from "../random.ts"
import type { Recorder } from "../recorder.ts"

export interface UpkeepSubject {
  readonly aws: LocalAws
  readonly functionName: string
  readonly bucket: string
  readonly random: Random
  readonly recorder: Recorder
}

const PAIRS = 3
/** Within which of its first milliseconds a run is killed. */
const LATEST_KILL_MS = 900

export async function tormentUpkeep({ aws, functionName, bucket, random, recorder }: UpkeepSubject): Promise<void> {
  const runs = () => Promise.all([false, false].map((sweep) => invoke(aws, functionName, { sweep })))
  for (let pair = 0; pair < PAIRS; pair++) {
    const running = runs()
    await sleep(random.int(LATEST_KILL_MS))
    const victims = functionProcesses(aws.endpoint).filter((each) => each.functionName === functionName)
    for (const victim of victims.slice(random.int(2))) signal(victim, "SIGKILL")
    if ((await running).some(isKilled)) recorder.fault("upkeep-killed")
  }
  for (const { failure, body } of await runs()) {
    if (failure === undefined) recorder.fault("upkeep-twice")
    else recorder.violations.push(`upkeep failed: ${body}`)
  }
  const listed = await (await aws.at("s3", "GET", `/${bucket}?list-type=2&prefix=segments/&max-keys=1`)).text()
  if (listed.includes("<Key>")) recorder.fault("tiered")
}

function isKilled({ failure, body }: Invoked): boolean {
  return failure !== undefined && body.includes("SIGKILL")
}
