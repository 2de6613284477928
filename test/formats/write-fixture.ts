/**
 * Writes the fixture of the present format: a data directory, a table's items and a bucket's objects, and what can be read
 * of each. Run it with the last code of a format, before the first change of what is stored:
 *
 *     node --conditions=source --import ./functions/server/require-node.mjs test/formats/write-fixture.ts <format>
 *
 * It needs Java 17 for DynamoDB Local.
 */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createTable } from "../../functions/storage/aws/dynamodb/table.ts"
import { createBucket } from "../../functions/storage/aws/s3/bucket.ts"
import { clientsOf, startStores } from "../torture/aws/stores.ts"
import { openAwsService } from "./aws-service.ts"
import { openEmbeddedService } from "./embedded-service.ts"
import { type Expected, type FixturePaths, fixturePaths, saveExpected } from "./fixture.ts"
import { observeGroup, observeTopic } from "./observe.ts"
import { fill, GROUP } from "./scenario.ts"
import type { Service } from "./service.ts"
import { itemsToLines, readItems, readObjects, saveObjects } from "./table-dump.ts"

const format = Number(process.argv[2])
if (!Number.isSafeInteger(format) || format < 1) throw new Error("Say the number of the format.")
const { root, ...paths } = fixturePaths(format)
await rm(root, { recursive: true, force: true })
await mkdir(root, { recursive: true })
await saveExpected(root, "embedded", await writeDataDirectory(paths))
await saveExpected(root, "aws", await writeTable(paths))

async function writeDataDirectory({ dataDirectory }: FixturePaths): Promise<Expected> {
  const directory = await mkdtemp(join(tmpdir(), "stratalog-fixture-"))
  const service = await openEmbeddedService(directory)
  const expected = await fillAndObserve(service)
  await service.close()
  // Room on the disk, and who had the directory: nothing of the log.
  for (const name of await readdir(directory, { recursive: true })) {
    if (/(^|\/)(reserve|lock\.(db|pid))$/.test(name)) await rm(join(directory, name))
  }
  await cp(directory, dataDirectory, { recursive: true })
  await rm(directory, { recursive: true })
  return expected
}

async function writeTable({ items, objects }: FixturePaths): Promise<Expected> {
  const stores = await startStores()
  const { dynamoDb: clients, s3: client, destroy } = clientsOf(stores)
  try {
    const [table, bucket] = ["fixture", "fixture"]
    await createTable(clients.repeating, table)
    await createBucket(client, bucket)
    const expected = await fillAndObserve(openAwsService({ clients, table, client, bucket }))
    await writeFile(items, itemsToLines(await readItems(clients.repeating, table)))
    await saveObjects(objects, await readObjects(client, bucket))
    return expected
  } finally {
    destroy()
    await stores.stop()
  }
}

async function fillAndObserve(service: Service): Promise<Expected> {
  const filled = await fill(service)
  const partitions = []
  for (const topic of filled.topics) partitions.push(...(await observeTopic(service, topic)))
  const groups = [await observeGroup(service, GROUP), await observeGroup(service, "by-hand")]
  return { ...filled, writtenAt: Date.now(), partitions, groups }
}
