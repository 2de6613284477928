/** A topic's way with one part of its records: format and schema together. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { SchemaError } from "./errors.ts"
import { type DataFormat, type Format, formats } from "./formats.ts"

/** Where a record lies. */
export interface RecordPlace {
  readonly partition: number
  readonly offset: number
}

export type MaybePromise<T> = T | Promise<T>

export class Serde {
  readonly format: Format
  readonly #topic: string
  readonly #part: "key" | "value"
  readonly #schema: StandardSchemaV1 | undefined

  constructor(topic: string, part: "key" | "value", format: DataFormat, schema?: StandardSchemaV1) {
    this.format = formats[format]
    this.#topic = topic
    this.#part = part
    this.#schema = schema
  }

  /** Bytes of what a producer gave, or null. Stored is what was given, not what the schema makes of it. */
  encode(data: unknown): MaybePromise<Uint8Array | null> {
    return this.#checked(data, (given) => this.format.encode(given))
  }

  /** What a producer gave, as it stands in a JSON request. */
  toWire(data: unknown): MaybePromise<unknown> {
    return this.#checked(data, (given) => this.format.toWire(given))
  }

  /** What the schema makes of stored bytes; without one, what the format does. */
  decode(bytes: Uint8Array | null, place: RecordPlace): MaybePromise<unknown> {
    const data = bytes === null ? null : this.#attempt(() => this.format.decode(bytes), place)
    return this.#schema === undefined ? data : this.#validate(this.#schema, data, place)
  }

  #checked<T>(data: unknown, encode: (given: unknown) => T): MaybePromise<T | null> {
    const given = data ?? null
    const encoded = () => (given === null ? null : this.#attempt(() => encode(given)))
    if (this.#schema === undefined) return encoded()
    const validated = this.#validate(this.#schema, given)
    return validated instanceof Promise ? validated.then(encoded) : encoded()
  }

  #attempt<T>(act: () => T, place?: RecordPlace): T {
    try {
      return act()
    } catch (cause) {
      throw this.#error([{ message: cause instanceof Error ? cause.message : String(cause) }], place, cause)
    }
  }

  #validate(schema: StandardSchemaV1, data: unknown, place?: RecordPlace): MaybePromise<unknown> {
    const result = schema["~standard"].validate(data)
    return result instanceof Promise ? result.then((late) => this.#take(late, place)) : this.#take(result, place)
  }

  #take(result: StandardSchemaV1.Result<unknown>, place?: RecordPlace): unknown {
    if (result.issues !== undefined) throw this.#error(result.issues, place)
    return result.value
  }

  #error(issues: readonly StandardSchemaV1.Issue[], place?: RecordPlace, cause?: unknown): SchemaError {
    return new SchemaError({ topic: this.#topic, part: this.#part, ...place }, issues, cause)
  }
}
