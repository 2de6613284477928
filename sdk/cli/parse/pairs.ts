import { InvalidArgumentError } from "commander"
import { parseDuration } from "../../protocol/duration.ts"
import { parseSize } from "./size.ts"

export type ConfigValue = string | number

export function words(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text]
}

/** `name=value`, given several times: an ordered list, as names may repeat. */
export function headerPairs(
  text: string,
  before: readonly (readonly [string, string])[] | undefined,
): (readonly [string, string])[] {
  return [...(before ?? []), splitPair(text, "name=value")]
}

/** `retention.ms=7d`, given several times: durations and sizes may carry their units. */
export function configPairs(
  text: string,
  before: Readonly<Record<string, ConfigValue>> | undefined,
): Record<string, ConfigValue> {
  const [name, value] = splitPair(text, "name=value, such as retention.ms=7d")
  // kafka-configs wants lists in brackets, to tell their commas from its own.
  return { ...before, [name]: configValue(name, value.replace(/^\[(.*)\]$/, "$1")) }
}

function splitPair(text: string, form: string): readonly [string, string] {
  const at = text.indexOf("=")
  if (at < 1) throw new InvalidArgumentError(`It must be ${form}.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function configValue(name: string, value: string): ConfigValue {
  if (/^-?\d{1,16}$/.test(value)) return Number(value)
  if (name.endsWith(".bytes")) return parseSize(value) ?? value
  return (name.endsWith(".ms") ? parseDuration(value) : undefined) ?? value
}
