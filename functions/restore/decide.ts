/** What is to be done about one object, and which offsets an index says nothing of. */

import type { Page } from "../partitions/ports.ts"
import type { Segment } from "../segments/ports.ts"
import type { NamedObject, ObjectHistory } from "./ports.ts"

export type ObjectDecision =
  | { readonly kind: "present" }
  /** Its newest version is right, and marked as deleted. */
  | { readonly kind: "unmark"; readonly markers: readonly string[] }
  | { readonly kind: "copy"; readonly version: string }
  | { readonly kind: "lost"; readonly detail: string }

const NOTHING: ObjectHistory = { versions: [], markers: [], isDeleted: true }

/**
 * `present`: the size of the object where it is wanted. In another bucket than its history it is copied there; in the same
 * one a version is copied only where another one lies above it.
 */
export function decideObject(
  { key, bytes }: NamedObject,
  present: number | undefined,
  { versions, markers, isDeleted }: ObjectHistory = NOTHING,
  isSameBucket: boolean,
): ObjectDecision {
  if (present === bytes) return { kind: "present" }
  const right = versions.find(({ size }) => size === bytes)
  if (right !== undefined) {
    const isHidden = isSameBucket && isDeleted && right === versions[0]
    return isHidden ? { kind: "unmark", markers } : { kind: "copy", version: right.id }
  }
  const [other] = versions
  if (other === undefined) return { kind: "lost", detail: `the bucket has no version of ${key}` }
  return { kind: "lost", detail: `${key} has ${other.size} bytes, ${bytes} were written` }
}

/** From an offset to before another one. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The offsets of `wanted` that none of these holds. `held` ascend by where they end, or by where they begin. */
export function gapsIn(wanted: Span, held: readonly Span[]): readonly Span[] {
  const gaps: Span[] = []
  let next = wanted.from
  for (const { from, to } of held) {
    if (next >= wanted.to) break
    if (to <= next) continue
    if (from > next) gaps.push({ from: next, to: Math.min(from, wanted.to) })
    next = to
  }
  if (next < wanted.to) gaps.push({ from: next, to: wanted.to })
  return gaps
}

export function spanOf({ baseOffset, endOffset }: Pick<Segment | Page, "baseOffset" | "endOffset">): Span {
  return { from: baseOffset, to: endOffset }
}
