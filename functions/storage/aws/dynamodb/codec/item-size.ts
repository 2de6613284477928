/**
 * What an item takes, by DynamoDB's rules: the names of its attributes and their values. Write units are counted by it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"

export type Item = Readonly<Record<string, AttributeValue>>

const CONTAINER_BYTES = 3
const ELEMENT_BYTES = 1

export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0)
}

export function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return numberSize(value.N)
  if (value.B !== undefined) return value.B.length
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1
  if (value.L !== undefined) {
    return value.L.reduce((sum, element) => sum + ELEMENT_BYTES + valueSize(element), CONTAINER_BYTES)
  }
  if (value.M !== undefined) {
    return itemSize(value.M) + CONTAINER_BYTES + ELEMENT_BYTES * Object.keys(value.M).length
  }
  throw new TypeError("sets are not used here")
}

/** An integer: a byte, another for each two significant digits, and one for a minus. Zeros at the ends do not count. */
export function numberSize(text: string): number {
  const digits = text.replace(/^-?0*/, "").replace(/0+$/, "").length
  return 1 + Math.ceil(digits / 2) + (text.startsWith("-") ? 1 : 0)
}
