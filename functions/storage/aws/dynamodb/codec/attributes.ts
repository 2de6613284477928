/** Attribute values to and from what they mean. Throws a RangeError for an attribute that is missing or of another type. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { Item } from "./item-size.ts"

export function number(value: number): AttributeValue.NMember {
  return { N: `${value}` }
}

export function readNumber(item: Item, name: string): number {
  return Number(required(item, name).N ?? wrong(name))
}

/** Zero where it is absent. */
export function readCount(item: Item, name: string): number {
  return item[name] === undefined ? 0 : readNumber(item, name)
}

export function readText(item: Item, name: string): string {
  return required(item, name).S ?? wrong(name)
}

export function readBytes(item: Item, name: string): Uint8Array {
  return required(item, name).B ?? wrong(name)
}

export function readList(item: Item, name: string): readonly AttributeValue[] {
  return required(item, name).L ?? wrong(name)
}

function required(item: Item, name: string): AttributeValue {
  return item[name] ?? wrong(name)
}

function wrong(name: string): never {
  throw new RangeError(`an item without a proper attribute ${name}`)
}
