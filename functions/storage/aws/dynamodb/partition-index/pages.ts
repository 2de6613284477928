import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb"
import type { PartitionRef } from "../../../../log/ports.ts"
import type { DoneOutcome, Page, ReadPagesOutcome } from "../../../../partitions/ports.ts"
import { deleteItems } from "../batch-requests.ts"
import { itemSize } from "../codec/item-size.ts"
import { offsetText, pageKey, pagesKey } from "../codec/keys.ts"
import { decodePage, encodePage } from "../codec/page.ts"
import { unavailableFrom, unavailableReading } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"

const DONE = { kind: "done" } as const

/** A full tail of small records makes a page of about this size; most are no smaller. */
const TYPICAL_PAGE_BYTES = 1_024

export async function putPage(
  { clients, table }: TableClients,
  partition: PartitionRef,
  page: Page,
): Promise<DoneOutcome> {
  const item = { ...pageKey(partition, page.endOffset), ...encodePage(page) }
  try {
    await clients.repeating.send(new PutItemCommand({ TableName: table, Item: item }))
    clients.rolled()
    return DONE
  } catch (error) {
    return unavailableFrom(error)
  }
}

export async function removePages(
  access: TableClients,
  partition: PartitionRef,
  endOffsets: readonly number[],
): Promise<DoneOutcome> {
  const distinct = [...new Set(endOffsets)]
  return (
    (await deleteItems(
      access,
      distinct.map((endOffset) => pageKey(partition, endOffset)),
    )) ?? DONE
  )
}

export type PageRange = { readonly after: number } | { readonly upTo: number }

/**
 * One query. A query is billed by what it looked at, so it is told how many pages to look at: as many as may be needed,
 * and one more, by which it is known whether there are further ones.
 */
export async function readPages(
  { clients, table }: TableClients,
  partition: PartitionRef,
  range: PageRange,
  maxBytes: number,
): Promise<ReadPagesOutcome> {
  const forward = "after" in range
  const command = new QueryCommand({
    TableName: table,
    KeyConditionExpression: `pk = :partition AND sk ${forward ? ">" : "<="} :offset`,
    ExpressionAttributeValues: {
      ":partition": { S: pagesKey(partition) },
      ":offset": { S: offsetText(forward ? range.after : range.upTo) },
    },
    ScanIndexForward: forward,
    ConsistentRead: true,
    Limit: Math.max(1, Math.ceil(maxBytes / TYPICAL_PAGE_BYTES)) + 1,
  })
  try {
    const { Items: items = [], LastEvaluatedKey: last } = await clients.repeating.send(command)
    // The last item may be the last of all although the query stopped at its limit: it is left for the next answer.
    const sure = last === undefined ? items.length : Math.max(1, items.length - 1)
    let bytes = 0
    const taken = items.slice(0, sure).filter((item, index) => {
      bytes += itemSize(item)
      return index === 0 || bytes <= maxBytes
    })
    return { kind: "pages", pages: taken.map(decodePage), more: taken.length < items.length || last !== undefined }
  } catch (error) {
    return unavailableReading(error)
  }
}
