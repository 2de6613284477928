/** A group's members as plain values, and the calls to compare them with a storage by. */
import fc from "fast-check"
import type { GroupState } from "../../functions/groups/members/state.ts"
import type {
  MemberSeen,
  MembersChange,
  MembersOutcome,
  ReplaceMembersOutcome,
  TouchOutcome,
} from "../../functions/groups/ports.ts"
import { stateOf } from "./group-states.ts"

interface ReplaceStep {
  readonly memberId: string
  readonly number?: number | undefined
  /** How far the epoch that it expects is from the right one. */
  readonly offBy: number
  readonly gone: readonly string[]
}

const memberId = fc.constantFrom("m1", "m2", "m3")
const numbers = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined })
export const membersSteps = fc.oneof(
  fc.record({ kind: fc.constant("touch" as const), memberId, number: numbers }),
  fc.record({
    kind: fc.constant("replace" as const),
    memberId,
    number: numbers,
    offBy: fc.constantFrom(0, 0, 0, 1, -1),
    gone: fc.uniqueArray(memberId, { maxLength: 2 }),
  }),
)

/** One call at a time. */
export class MembersModel {
  readonly #seen = new Map<string, MemberSeen>()
  #state: GroupState | undefined

  touch(memberId: string, { at, number }: { readonly at: number; readonly number?: number }): TouchOutcome {
    const highest = this.#seen.get(memberId)?.number ?? 0
    if (number !== undefined && number < highest) return { kind: "late", number: highest }
    const noted = { at, number: number ?? highest + 1 }
    this.#seen.set(memberId, noted)
    return { kind: "touched", number: noted.number }
  }

  changeOf({ memberId, number, offBy, gone }: ReplaceStep): MembersChange {
    const expected = Math.max(0, this.#epoch() + offBy)
    const next = stateOf(expected + 1, memberId)
    return { expected, next, gone, ...(number !== undefined && { by: { memberId, number } }) }
  }

  replace({ expected, next, by, gone }: MembersChange): ReplaceMembersOutcome {
    const highest = by === undefined ? 0 : (this.#seen.get(by.memberId)?.number ?? 0)
    if (expected !== this.#epoch() || highest > (by?.number ?? 0)) return { kind: "changed" }
    this.#state = next
    for (const memberId of gone) this.#seen.delete(memberId)
    return { kind: "replaced" }
  }

  members(): MembersOutcome {
    return { kind: "members", ...(this.#state && { state: this.#state }), seen: this.#seen }
  }

  #epoch(): number {
    return this.#state?.epoch ?? 0
  }
}
