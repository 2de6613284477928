/** Items of producer ids: the counter of those that were given, and the epoch of each that has had more than one. */
import { readNumber, readText } from "./attributes.ts"
import type { Item } from "./item-size.ts"
import { type Key, key } from "./keys.ts"

/** The sort key of an item that is alone under its partition key. */
const ALONE = "-"

export const PRODUCER_COUNTER = key("producer-ids", ALONE)

export function producerKey(id: number): Key {
  return key(`e/${id}`, ALONE)
}

export interface ProducerEpoch {
  readonly epoch: number
  /** Of the call that wrote it. */
  readonly token: string | undefined
}

/** An id without an item has its first epoch. */
export function decodeEpoch(item: Item | undefined): ProducerEpoch {
  if (item?.["pk"] === undefined) return { epoch: 0, token: undefined }
  return { epoch: readNumber(item, "e"), token: readText(item, "w") }
}
