/** Copies between two embedded services over networks that fail as told, with a clock that waits for nobody. */
import { portableCodecs } from "stratalog/record-batch"
import { type CopyOptions, type CopyResult, copyLog } from "../../sdk/cli/copy/copy-log.ts"
import { type LogEnd, openLogEnd } from "../../sdk/cli/copy/log-end.ts"
import type { CopyEnds } from "../../sdk/cli/copy/partition-copy.ts"
import { planTopics } from "../../sdk/cli/copy/plan.ts"
import { recordsOf } from "../../sdk/cli/copy/walk.ts"
import type { BatchRecord } from "../../sdk/record-batch/types.ts"
import { type EmbeddedService, openEmbeddedService } from "./embedded-service.ts"
import { FaultyNetwork } from "./faulty-fetch.ts"
import { HurriedClock } from "./hurried-clock.ts"

export interface End extends LogEnd {
  readonly network: FaultyNetwork
}

export const codecs = portableCodecs()

/** Makes segments and compacts at once. */
export const eagerUpkeep = { maxTierAgeMs: 0, minDirtyRatio: 0 }

export async function endOf(service: EmbeddedService, name: string): Promise<End> {
  const network = new FaultyNetwork(service.fetch)
  const clock = new HurriedClock(() => network.isBusy)
  return { ...(await openLogEnd(`http://${name}.test`, { fetch: network.fetch, clock })), network }
}

export class CopyUnderTest {
  readonly services: { readonly source: EmbeddedService; readonly target: EmbeddedService }
  readonly source: End
  readonly target: End

  private constructor(services: CopyUnderTest["services"], source: End, target: End) {
    this.services = services
    this.source = source
    this.target = target
  }

  static async open(): Promise<CopyUnderTest> {
    const services = {
      source: await openEmbeddedService({ upkeep: eagerUpkeep }),
      target: await openEmbeddedService({ upkeep: eagerUpkeep }),
    }
    return new CopyUnderTest(services, await endOf(services.source, "source"), await endOf(services.target, "target"))
  }

  /** Another copier of the same services, with networks of its own. */
  async another(): Promise<CopyUnderTest> {
    const { source, target } = this.services
    return new CopyUnderTest(this.services, await endOf(source, "source"), await endOf(target, "target"))
  }

  async copy(
    options: Partial<CopyOptions> & { readonly topics?: RegExp; readonly gatherBytes?: number } = {},
    stop: AbortSignal = new AbortController().signal,
    onStep: () => void = () => {},
  ): Promise<CopyResult> {
    const { topics = /./, gatherBytes = 0, ...others } = options
    const ends: CopyEnds = { source: this.source, target: this.target, codecs, gatherBytes }
    const wanted = { name: undefined, matches: (name: string) => topics.test(name) }
    const plans = await planTopics(ends, [wanted], stop)
    const all = { groups: [{ name: undefined, matches: () => true }], follow: false, verify: false, atOnce: 4 }
    return copyLog(ends, plans, { ...all, ...others }, { step: onStep, caughtUp: () => {}, ending: () => {} }, stop)
  }

  async close(): Promise<void> {
    await this.services.source.close()
    await this.services.target.close()
  }
}

/** All records of a partition as they can be compared; with their offsets where asked for. */
export async function contentOf(
  end: LogEnd,
  topic: string,
  partition: number,
  withOffsets = true,
): Promise<readonly unknown[]> {
  const records: unknown[] = []
  const range = { from: 0, to: Number.POSITIVE_INFINITY }
  for await (const record of recordsOf(end, { topic, partition }, range, { codecs, stop: undefined })) {
    records.push(readable(record, withOffsets))
  }
  return records
}

function readable({ offset, timestamp, key, value, headers }: BatchRecord, withOffset: boolean) {
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString("latin1"))
  const named = headers.map(([name, bytes]) => [name, text(bytes)])
  return { ...(withOffset && { offset }), timestamp, key: text(key), value: text(value), headers: named }
}
