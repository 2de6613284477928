/** What is wrong with a request, field by field, in sentences that say what to do. */
import type { FieldError } from "stratalog/protocol"
import type * as z from "zod/mini"
import { invalid } from "./exchange.ts"

/** So many mistakes are told: a body of a megabyte may hold a hundred thousand, and nobody reads more. */
const TOLD = 100

/** A request of so many values is read to its end for all its mistakes; of a larger one only the first is told. */
const READ_TO_END = 10_000

/** Throws a `Refusal` that names the fields that are wrong: the first hundred of them, or the first in a large request. */
export function parseFields<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, TO_FIRST)
  if (parsed.success) return parsed.data
  const all = roomBeside(value, READ_TO_END) >= 0 ? schema.safeParse(value, WITH_INPUT) : parsed
  const errors: FieldError[] = []
  for (const issue of (all.error ?? parsed.error).issues) {
    errors.push(...fieldErrors(issue, []))
    if (errors.length >= TOLD) break
  }
  throw invalid(errors.slice(0, TOLD))
}

/** How many values may come beside it and all within it, where `most` may come; negative where it holds more than that. */
function roomBeside(value: unknown, most: number): number {
  let room = most - 1
  if (typeof value !== "object" || value === null) return room
  for (const inner of within(value)) {
    if (room < 0) break
    room = roomBeside(inner, room)
  }
  return room
}

/** One after the other: a list of all values of an object with a million names takes seconds to make. */
function* within(value: object): Iterable<unknown> {
  if (Array.isArray(value)) yield* value
  else for (const name in value) yield Reflect.get(value, name)
}

/** What is missing is told apart from what has the wrong type. */
const WITH_INPUT = { reportInput: true } as const

/**
 * Ends at the first mistake, as `z.validate` does, but says which it was: a report of each mistake takes a hundred times
 * what the mistake takes in the request.
 */
const TO_FIRST = { ...WITH_INPUT, abortEarly: true } as const

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

function fieldErrors(issue: Issue, outer: Path): readonly FieldError[] {
  const path = [...outer, ...issue.path]
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .slice(0, TOLD)
      .map((key) => ({ path: pathText([...path, key]), message: "is unknown here; check its spelling" }))
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) return unionErrors(issue.errors, path)
  // Only a body can be no object at all; parameters always are one.
  const subject = path.length === 0 && issue.code === "invalid_type" ? "the body " : ""
  return [{ path: pathText(path), message: subject + sentence(issue) }]
}

/** The alternative that came closest, or, where none got anywhere, all of them in one sentence. */
function unionErrors(alternatives: readonly (readonly Issue[])[], path: Path): readonly FieldError[] {
  const [closest = []] = [...alternatives].sort((a, b) => depth(b) - depth(a))
  if (depth(closest) > 0) return closest.flatMap((inner) => fieldErrors(inner, path))
  const told = new Set(alternatives.flat().map(sentence))
  if (told.size > 1) told.delete(MISSING)
  const [first = "", ...others] = told
  return [
    { path: pathText(path), message: [first, ...others.map((each) => each.replace(/^must be /, ""))].join(" or ") },
  ]
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)))
}

const MISSING = "is missing"

function sentence(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return MISSING
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case "invalid_value":
      return issue.input === undefined ? MISSING : `must be ${listed(issue.values.map(String))}`
    case "too_small":
      if (issue.origin === "string")
        return Number(issue.minimum) === 1 ? "must not be empty" : `must have at least ${issue.minimum} characters`
      if (issue.origin === "array")
        return `must have ${issue.exact === true ? "" : "at least "}${entries(issue.minimum)}`
      return `must be at least ${issue.minimum}`
    case "too_big":
      if (issue.origin === "string") return `must have at most ${issue.maximum} characters`
      if (issue.origin === "array")
        return `must have ${issue.exact === true ? "" : "at most "}${entries(issue.maximum)}`
      return `must be at most ${issue.maximum}`
    case "invalid_format":
      return issue.format === "base64" ? "is not base64 (RFC 4648, with padding)" : issue.message
    default:
      return issue.message
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  null: "null",
}

function entries(count: number | bigint): string {
  return `${count} ${Number(count) === 1 ? "entry" : "entries"}`
}

function listed(values: readonly string[]): string {
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`
}

/** `records[3].key` */
function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`
    return text === "" ? String(step) : `${text}.${String(step)}`
  }, "")
}
