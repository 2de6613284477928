/** The item in which runs of upkeep leave their reports. */
import {
  partsToStore,
  RECORD_VERSION,
  type RecordPart,
  readStored,
  recordParts,
} from "../../../../segments/upkeep/record-format.ts"
import type { UpkeepRecord } from "../../../../segments/upkeep/records.ts"
import { number, readNumber, readText } from "./attributes.ts"
import type { Item } from "./item-size.ts"
import { key } from "./keys.ts"

export const UPKEEP_RECORD = key("upkeep", "-")

const attributeOf: Readonly<Record<RecordPart, string>> = {
  lastRun: "r",
  lastRound: "c",
  lastSweep: "s",
  lastNudge: "n",
}

/** The attributes that a write sets. */
export function encodeUpkeepRecord(record: UpkeepRecord): Item {
  const parts = partsToStore(record).map(([part, text]) => [attributeOf[part], { S: text }] as const)
  return { v: number(RECORD_VERSION), ...Object.fromEntries(parts) }
}

export function decodeUpkeepRecord(item: Item | undefined): UpkeepRecord {
  if (item?.["pk"] === undefined) return {}
  const stored = recordParts.flatMap((part) => {
    const attribute = attributeOf[part]
    return item[attribute] === undefined ? [] : [[part, readText(item, attribute)] as const]
  })
  return readStored(readNumber(item, "v"), Object.fromEntries(stored))
}
