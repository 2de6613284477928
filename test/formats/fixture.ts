/** Where the fixture of a format lies, and what is known of the logs in it. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { ObservedGroup, ObservedPartition } from "./observe.ts"
import type { Filled } from "./scenario.ts"

export interface Expected extends Filled {
  /** When it was written, epoch milliseconds. */
  readonly writtenAt: number
  readonly partitions: readonly ObservedPartition[]
  readonly groups: readonly ObservedGroup[]
}

export interface FixturePaths {
  readonly dataDirectory: string
  readonly items: string
  readonly objects: string
}

export function fixturePaths(format: number): FixturePaths & { readonly root: string } {
  const root = new URL(`../fixtures/format-${format}/`, import.meta.url).pathname
  return {
    root,
    dataDirectory: join(root, "data"),
    items: join(root, "table.jsonl"),
    objects: join(root, "bucket"),
  }
}

export async function saveExpected(root: string, storage: "embedded" | "aws", expected: Expected): Promise<void> {
  await writeFile(join(root, `expected-${storage}.jsonl`), `${JSON.stringify(expected)}\n`)
}

export async function loadExpected(root: string, storage: "embedded" | "aws"): Promise<Expected> {
  return JSON.parse(await readFile(join(root, `expected-${storage}.jsonl`), "utf8"))
}
