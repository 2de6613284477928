/**
 * Keeps this version from reading items that a later one wrote in a form it would misread. Such an item says so in `V`, and a
 * topic's item says it of all that belongs to the topic: every process looks its topics up again within `configDelayMs`, so
 * one that was running before learns of it without a request of its own. An item without `V` is of format 1.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { newerFormat, readFormatMark } from "../../../log/newer-format.ts"

const TABLE_FORMAT = 1

/** On no item that any version before the second format wrote. Its value is a format's mark, as text. */
const FORMAT_ATTRIBUTE = "V"

/** From now on a call that would give such an item fails with `NewerFormat`, whatever it has done. */
export function refuseLaterItems(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        const result = await next(args)
        refuseIn(result.output, args.input)
        return result
      } catch (error) {
        // A condition that failed shows the item.
        refuseIn(error, args.input)
        throw error
      }
    },
    { step: "initialize", name: "refuseLaterItems", priority: "high" },
  )
}

function refuseIn(answer: unknown, input: object): void {
  for (const item of itemsOf(answer)) {
    const mark = textAt(item, FORMAT_ATTRIBUTE)
    if (mark === undefined) continue
    const found = readFormatMark(mark)
    if (found !== undefined && found.number <= TABLE_FORMAT) continue
    throw newerFormat(`The item ${textAt(item, "pk")} of the DynamoDB table ${tableOf(input)}`, TABLE_FORMAT, found)
  }
}

/** Whatever of an answer, or of an error, may be items. */
function* itemsOf(answer: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (!isObject(answer)) return
  for (const item of [answer["Item"], answer["Attributes"]]) if (isObject(item)) yield item
  yield* objectsIn(answer["Items"])
  const { Responses: responses, CancellationReasons: reasons } = answer
  if (Array.isArray(responses)) for (const each of responses) yield* itemsOf(each)
  else if (isObject(responses)) for (const items of Object.values(responses)) yield* objectsIn(items)
  for (const reason of objectsIn(reasons)) yield* itemsOf(reason)
}

function objectsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
}

/** Undefined without the attribute, empty for one that is no text. */
function textAt(item: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = item[name]
  if (value === undefined) return undefined
  return isObject(value) && typeof value["S"] === "string" ? value["S"] : ""
}

function tableOf(input: object): string {
  return "TableName" in input ? String(input.TableName) : ""
}
