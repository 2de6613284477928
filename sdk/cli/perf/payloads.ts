import { readFile } from "node:fs/promises"
import { inputFailure } from "../failure.ts"

/** Gives the value of one record after another. */
export type Payloads = () => Uint8Array

const A = 65
const LETTERS = 26
/** The letters that values are cut from. */
const POOL_BYTES = 256 * 1024

/** Random capital letters, as kafka-producer-perf-test sends them. `random`: from 0 to below 1. */
export function randomPayloads(size: number, random: () => number): Payloads {
  const pool = Uint8Array.from({ length: POOL_BYTES + size }, () => A + Math.floor(random() * LETTERS))
  return () => {
    const start = Math.floor(random() * POOL_BYTES)
    return pool.subarray(start, start + size)
  }
}

/** The lines of a file in their order, from the first again after the last. Empty lines are none. */
export async function filePayloads(path: string): Promise<Payloads> {
  const lines = await linesOfFile(path)
  if (lines.length === 0) throw inputFailure(`${path} has no line that is not empty: there is nothing to send.`)
  let next = 0
  return () => lines[next++ % lines.length] ?? new Uint8Array(0)
}

async function linesOfFile(path: string): Promise<readonly Uint8Array[]> {
  try {
    const text = await readFile(path, "utf8")
    return text.split(/\r?\n/).flatMap((line) => (line === "" ? [] : [Buffer.from(line)]))
  } catch (error) {
    throw inputFailure(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
