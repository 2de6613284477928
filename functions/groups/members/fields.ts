/** Stored JSON that names what is wrong with it. */

export class DamagedState extends Error {
  constructor(detail: string) {
    super(`The stored state of a consumer group cannot be read: ${detail}.`)
    this.name = "DamagedState"
  }
}

export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new DamagedState("a list is missing")
  return value
}

export function textOf(value: unknown): string {
  if (typeof value !== "string") throw new DamagedState("a text is missing")
  return value
}

export function integerOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new DamagedState("a number is missing")
  return value
}
