/** Deletes records from the beginning of a partition, further and further. */
import { setTimeout as sleep } from "node:timers/promises"
import { type Client, type Phase, writeOutcome } from "../phase.ts"
import type { ReaderOptions } from "../readers.ts"

/** It leaves a part, so that readers have something to read. */
const LEFT = 40

/** Between two deletions, milliseconds. */
const PAUSE_MS = 150

export function trimmer({ name, random, topic, ends }: ReaderOptions, partition: number): Client {
  let before = 0
  return {
    name,
    async step(phase: Phase) {
      await sleep(PAUSE_MS)
      const end = (ends.get(`${topic}/${partition}`) ?? 0) - LEFT
      if (end <= before) return
      before += random.int(end - before + 1)
      const path = `/v1/topics/${topic}/partitions/${partition}/records?before=${before}`
      const call = phase.recorder.begin()
      const answer = await phase.exchange({ method: "DELETE", path })
      const { kind } = writeOutcome(answer)
      const type = kind === "ok" ? "ok" : kind === "refused" ? "fail" : "info"
      phase.recorder.end(name, call, { f: "delete", type, key: `${topic}/${partition}`, offset: before })
      if (answer?.status === 200) phase.recorder.fault("deleted-records")
      if (answer === undefined || [200, 429, 503].includes(answer.status)) return
      phase.recorder.violations.push(`DELETE ${path} -> ${answer.status} ${answer.text}`)
    },
  }
}
