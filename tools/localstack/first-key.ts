/** The first API key of a deployment whose callers need keys. */
import { type LocalAws, valueAt } from "./aws.ts"
import { invoke } from "./functions.ts"

/** The key, where this call made it; otherwise why not. */
export interface FirstKey {
  readonly key: string | undefined
  readonly error: string
}

export async function firstKey(aws: LocalAws, keyMaker: string): Promise<FirstKey> {
  const { body } = await invoke(aws, keyMaker, { firstKey: {} })
  const answer: unknown = JSON.parse(body)
  const key = valueAt(answer, "key")
  return { key: typeof key === "string" ? key : undefined, error: String(valueAt(answer, "error") ?? "") }
}
