/**
 * A commit as one conditional update of the head's item (codec/head.ts). Every condition on a head also says that there is
 * one: `g` is in each.
 */
import { checkCommitShape } from "../../../../partitions/commit-shape.ts"
import type { Commit, ProducerAdvance } from "../../../../partitions/ports.ts"
import { encodedEntrySize, encodeEntry } from "../codec/entry.ts"
import { encodePosition, producerName } from "../codec/producer-position.ts"
import { ExpressionBuilder, type UpdateExpressions } from "./expression.ts"

/** An element set beyond the end of a list becomes its last: longer than any tail. */
const BEYOND_TAIL = 9_999

/** Throws a TypeError for a commit that no index may carry out. */
export function commitExpression(commit: Commit): UpdateExpressions {
  checkCommitShape(commit)
  const blob = commit.entry === undefined ? undefined : encodeEntry(commit.entry)
  const update = new ExpressionBuilder()
  requireState(update, commit)
  if (blob !== undefined) update.require(`NOT contains(t, ${update.value({ B: blob })})`)
  changeTail(update, commit.tail, blob)
  if (commit.entry !== undefined) {
    update.set("n", `n + ${update.number(commit.entry.recordCount)}`)
    update.set("a", `a + ${update.number(commit.entry.bytes)}`)
  }
  if (commit.nextGeneration !== undefined) update.set("g", update.number(commit.nextGeneration))
  for (const advance of commit.producers) advanceProducer(update, advance)
  evictProducers(update, commit.evict)
  return update.done()
}

function requireState(update: ExpressionBuilder, { generation, nextOffset, fencingToken, producers }: Commit): void {
  if ("exactly" in generation) update.require(`g = ${update.number(generation.exactly)}`)
  else update.require(`g <= ${update.number(generation.atMost)}`)
  if (nextOffset !== undefined) update.require(`n = ${update.number(nextOffset)}`)
  if (fencingToken !== undefined) update.require(`f = ${update.value({ S: fencingToken })}`)
  if (producers.some(({ from, evenIfSpilled = false }) => from === "new" && !evenIfSpilled)) {
    update.require("attribute_not_exists(s)")
  }
}

/** Paths must not overlap, so that a tail that loses entries cannot be appended to as a whole. */
function changeTail(update: ExpressionBuilder, tail: Commit["tail"], blob: Uint8Array | undefined): void {
  const entries = { L: blob === undefined ? [] : [{ B: blob }] }
  const bytes = blob === undefined ? 0 : encodedEntrySize(blob)
  switch (tail.kind) {
    case "append":
      if (Number.isFinite(tail.limit)) update.require(`b < ${update.number(tail.limit)}`)
      if (blob === undefined) return
      update.set("t", `list_append(t, ${update.value(entries)})`)
      update.set("b", `b + ${update.number(bytes)}`)
      return
    case "replace":
      update.set("t", update.value(entries))
      update.set("b", update.number(bytes))
      return
    case "drop":
      for (let index = 0; index < tail.count; index += 1) update.remove(`t[${index}]`)
      if (blob !== undefined) update.set(`t[${BEYOND_TAIL}]`, update.value({ B: blob }))
      update.set("b", `b + ${update.number(bytes - tail.bytes)}`)
  }
}

function advanceProducer(update: ExpressionBuilder, { id, from, to }: ProducerAdvance): void {
  const path = `p.${update.name(producerName(id))}`
  if (from === "new") {
    const epoch = update.value(encodePosition({ epoch: to.epoch, laps: 0, lastSequence: 0 }))
    update.require(`(attribute_not_exists(${path}) OR ${path} < ${epoch})`)
  } else {
    update.require(`${path} = ${update.value(encodePosition(from))}`)
  }
  update.set(path, update.value(encodePosition(to)))
}

function evictProducers(update: ExpressionBuilder, evict: Commit["evict"]): void {
  for (const { id, position } of evict) {
    const path = `p.${update.name(producerName(id))}`
    update.require(`${path} = ${update.value(encodePosition(position))}`)
    update.remove(path)
  }
  if (evict.length > 0) update.set("s", update.value({ BOOL: true }))
}
