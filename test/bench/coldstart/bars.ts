/** What a function may weigh beside a bundle that holds nothing but the AWS clients that it uses. */
import type { Metafile } from "esbuild"
import type { EntryName } from "../../../infra/entries.ts"

export const SIZE_BAR = 1.15
export const LOAD_BAR = 1.3

/** The clients that a function uses, with the commands that it sends. */
export const CLIENTS = {
  dynamodb:
    'export { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand, DeleteItemCommand, QueryCommand, BatchGetItemCommand, BatchWriteItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb"',
  s3: 'export { S3Client, GetObjectCommand, PutObjectCommand, DeleteObjectsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3"',
} as const

export type ClientName = keyof typeof CLIENTS

export const CLIENTS_OF: Readonly<Record<EntryName, readonly ClientName[]>> = {
  produce: ["dynamodb", "s3"],
  fetch: ["dynamodb", "s3"],
  poll: ["dynamodb", "s3"],
  admin: ["dynamodb"],
  api: ["dynamodb", "s3"],
  upkeep: ["dynamodb", "s3"],
}

export interface Sizes {
  /** The entry and all that it imports at once: what a cold start reads, bytes. */
  readonly loaded: number
  /** All JavaScript, with what is loaded when it is first wanted, bytes. */
  readonly all: number
}

export function sizesOf(metafile: Metafile, entry: RegExp): Sizes {
  const { outputs } = metafile
  return { loaded: sum(loadedOutputs(metafile, entry), outputs), all: sum(Object.keys(outputs), outputs) }
}

/** The output that `entry` matches, and all that it imports at once. */
export function loadedOutputs({ outputs }: Metafile, entry: RegExp): readonly string[] {
  const read = new Set<string>()
  const reach = (name: string) => {
    if (read.has(name) || outputs[name] === undefined) return
    read.add(name)
    for (const { path, kind } of outputs[name].imports) if (kind === "import-statement") reach(path)
  }
  const index = Object.keys(outputs).find((name) => entry.test(name))
  if (index === undefined) throw new Error(`no output matches ${entry}`)
  reach(index)
  return [...read]
}

function sum(names: Iterable<string>, outputs: Metafile["outputs"]): number {
  let bytes = 0
  for (const name of names) bytes += outputs[name]?.bytes ?? 0
  return bytes
}
