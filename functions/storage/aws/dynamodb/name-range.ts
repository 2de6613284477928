import type { QueryCommandInput } from "@aws-sdk/client-dynamodb"

/** Greater than every character of a name. */
const AFTER_NAMES = "~"
/** More characters than a name has, and few enough for a sort key. */
const LONGEST_START = 250

/** What of a query finds, in a partition whose sort keys are names, those after `after` that start with `prefix`; undefined where there can be none. */
export function nameRange(
  partition: string,
  { after, prefix = "" }: { readonly after?: string; readonly prefix?: string },
): Pick<QueryCommandInput, "KeyConditionExpression" | "ExpressionAttributeValues"> | undefined {
  const names = { ":names": { S: partition } }
  // The least text after `after`; what a longer one has behind the length of a name makes no difference to names.
  const behind = after === undefined ? "" : `${after.slice(0, LONGEST_START).toWellFormed()}\u0000`
  const low = behind > prefix ? behind : prefix
  if (low === "") return { KeyConditionExpression: "pk = :names", ExpressionAttributeValues: names }
  const high = `${prefix}${AFTER_NAMES}`
  if (low >= high) return undefined
  return {
    KeyConditionExpression: "pk = :names AND sk BETWEEN :low AND :high",
    ExpressionAttributeValues: { ...names, ":low": { S: low }, ":high": { S: high } },
  }
}
