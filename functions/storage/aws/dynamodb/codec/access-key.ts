/** An API key's item. All keys lie under one partition key, so that one query lists them. */
import type { StoredKey } from "../../../../access/ports.ts"
import { number, readBytes, readCount, readNumber, readText } from "./attributes.ts"
import type { Item } from "./item-size.ts"
import { type Key, key } from "./keys.ts"

export const ACCESS_KEYS = "access-keys"

export function accessKey(id: string): Key {
  return key(ACCESS_KEYS, id)
}

export function encodeAccessKey(stored: StoredKey): Item {
  const { id, secretHash, principal, superUser, description, createdAt, expiresAt } = stored
  return {
    ...accessKey(id),
    h: { B: secretHash },
    p: { S: principal },
    t: number(createdAt),
    ...(superUser && { u: number(1) }),
    ...(description !== "" && { d: { S: description } }),
    ...(expiresAt !== undefined && { x: number(expiresAt) }),
  }
}

export function decodeAccessKey(item: Item): StoredKey {
  return {
    id: readText(item, "sk"),
    secretHash: readBytes(item, "h"),
    principal: readText(item, "p"),
    superUser: readCount(item, "u") === 1,
    description: item["d"] === undefined ? "" : readText(item, "d"),
    createdAt: readNumber(item, "t"),
    ...(item["x"] !== undefined && { expiresAt: readNumber(item, "x") }),
  }
}
