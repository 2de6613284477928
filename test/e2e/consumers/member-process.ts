/** Members of a group as processes, and what is known of them by what they print. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Told } from "./told.ts"

const program = fileURLToPath(new URL("./member.ts", import.meta.url))

export interface MemberProcess {
  readonly child: ChildProcess
  readonly told: readonly Told[]
}

/** What it tells comes into `all`, too. */
export function startMember(url: string, topic: string, all: Told[]): MemberProcess {
  const args = ["--conditions=source", program, url, topic]
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
  const told: Told[] = []
  createInterface({ input: child.stdout }).on("line", (line) => {
    const parsed: Told = JSON.parse(line)
    told.push(parsed)
    all.push(parsed)
  })
  return { child, told }
}

/** How many partitions a member has, by what it was told. */
export function partitionsOf(told: readonly Told[]): number {
  let count = 0
  for (const one of told) {
    if (one.what === "record") continue
    const changed = one.partitions.reduce((sum, { partitions }) => sum + partitions.length, 0)
    count += one.what === "assigned" ? changed : -changed
  }
  return count
}

export function valuesOf(told: readonly Told[]): Set<number> {
  return new Set(told.flatMap((one) => (one.what === "record" ? [one.value] : [])))
}
