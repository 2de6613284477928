/** A page's item: its end offset in the sort key, its base from the counts of its entries. e entries (a list), s stored at. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { Page } from "../../../../partitions/ports.ts"
import { number, readList, readNumber, readText } from "./attributes.ts"
import { decodeEntry, encodeEntry } from "./entry.ts"
import type { Item } from "./item-size.ts"

/** All but the key. Throws a RangeError where the entries do not reach from the base to the end. */
export function encodePage(page: Page): Record<string, AttributeValue> {
  const records = page.entries.reduce((sum, { recordCount }) => sum + recordCount, 0)
  if (page.baseOffset + records !== page.endOffset) {
    throw new RangeError(`a page of ${records} records from ${page.baseOffset} does not end at ${page.endOffset}`)
  }
  return { e: { L: page.entries.map((entry) => ({ B: encodeEntry(entry) })) }, s: number(page.storedAt) }
}

/** Throws a RangeError for an item that is no page. */
export function decodePage(item: Item): Page {
  const entries = readList(item, "e").map(({ B: blob }) => decodeEntry(blob ?? new Uint8Array()))
  const endOffset = Number(readText(item, "sk"))
  const records = entries.reduce((sum, { recordCount }) => sum + recordCount, 0)
  return { baseOffset: endOffset - records, endOffset, entries, storedAt: readNumber(item, "s") }
}
