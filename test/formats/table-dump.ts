/** A table's items and a bucket's objects as files, and back. An item is a line of DynamoDB's own JSON, binaries in base64. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join, relative } from "node:path"
import { type AttributeValue, type DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb"
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3"

export type Item = Record<string, AttributeValue>

export async function readItems(client: DynamoDBClient, table: string): Promise<Item[]> {
  const found: Item[] = []
  let start: Item | undefined
  do {
    const command = new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start })
    const { Items: items = [], LastEvaluatedKey: last } = await client.send(command)
    found.push(...items)
    start = last
  } while (start !== undefined)
  return found
}

export async function writeItems(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  for (const item of items) await client.send(new PutItemCommand({ TableName: table, Item: item }))
}

export function itemsToLines(items: readonly Item[]): string {
  const lines = items.map((item) => JSON.stringify(item, binaryToText))
  return `${lines.sort().join("\n")}\n`
}

export function linesToItems(text: string): Item[] {
  const lines = text.split("\n").filter((line) => line !== "")
  return lines.map((line) => {
    const item: Readonly<Record<string, StoredValue>> = JSON.parse(line)
    return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeOf(value)]))
  })
}

/** A value as it stands in a line. */
type StoredValue =
  | { readonly B: string }
  | { readonly L: readonly StoredValue[] }
  | { readonly M: Readonly<Record<string, StoredValue>> }
  | AttributeValue.SMember
  | AttributeValue.NMember
  | AttributeValue.BOOLMember

function attributeOf(stored: StoredValue): AttributeValue {
  if ("B" in stored && stored.B !== undefined) return { B: new Uint8Array(Buffer.from(stored.B, "base64")) }
  if ("L" in stored && stored.L !== undefined) return { L: stored.L.map(attributeOf) }
  if ("M" in stored && stored.M !== undefined) {
    return { M: Object.fromEntries(Object.entries(stored.M).map(([name, value]) => [name, attributeOf(value)])) }
  }
  if ("S" in stored && stored.S !== undefined) return { S: stored.S }
  if ("N" in stored && stored.N !== undefined) return { N: stored.N }
  if ("BOOL" in stored && stored.BOOL !== undefined) return { BOOL: stored.BOOL }
  throw new RangeError(`a value of another type: ${JSON.stringify(stored)}`)
}

/** `JSON.stringify` hands over an array of bytes as it is. */
function binaryToText(key: string, value: unknown): unknown {
  return key === "B" && value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value
}

export async function readObjects(client: S3Client, bucket: string): Promise<Map<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>()
  let after: string | undefined
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, StartAfter: after }))
    for (const { Key: key = "" } of page.Contents ?? []) {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      objects.set(key, (await body?.transformToByteArray()) ?? new Uint8Array())
    }
    after = page.IsTruncated === true ? page.Contents?.at(-1)?.Key : undefined
  } while (after !== undefined)
  return objects
}

export async function writeObjects(
  client: S3Client,
  bucket: string,
  objects: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  for (const [key, bytes] of objects) {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))
  }
}

export async function saveObjects(directory: string, objects: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [key, bytes] of objects) {
    await mkdir(dirname(join(directory, key)), { recursive: true })
    await writeFile(join(directory, key), bytes)
  }
}

export async function loadObjects(directory: string): Promise<Map<string, Uint8Array>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const loaded = await Promise.all(
    paths.map(async (path) => [relative(directory, path), await readFile(path)] as const),
  )
  return new Map(loaded)
}
