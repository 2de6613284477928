/** A change of one of the head's other fields, as one conditional update. What says nothing is absent (codec/head.ts). */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { HeadChange } from "../../../../partitions/ports.ts"
import { number } from "../codec/attributes.ts"
import { ExpressionBuilder, type UpdateExpressions } from "./expression.ts"

export function changeExpression(change: HeadChange): UpdateExpressions {
  const update = new ExpressionBuilder()
  update.require("attribute_exists(g)")
  switch (change.kind) {
    case "log_start":
      replace(update, "l", count(change.from), count(change.to))
      put(update, "z", count(change.bytesBelowStart))
      break
    case "tiered_to":
      replace(update, "d", count(change.from), count(change.to))
      break
    case "fence":
      replace(update, "f", token(change.from), token(change.to))
      break
  }
  return update.done()
}

function replace(
  update: ExpressionBuilder,
  path: string,
  from: AttributeValue | undefined,
  to: AttributeValue | undefined,
): void {
  update.require(from === undefined ? `attribute_not_exists(${path})` : `${path} = ${update.value(from)}`)
  put(update, path, to)
}

function put(update: ExpressionBuilder, path: string, value: AttributeValue | undefined): void {
  if (value === undefined) update.remove(path)
  else update.set(path, update.value(value))
}

function count(value: number): AttributeValue | undefined {
  return value === 0 ? undefined : number(value)
}

function token(value: string | undefined): AttributeValue | undefined {
  return value === undefined ? undefined : { S: value }
}
