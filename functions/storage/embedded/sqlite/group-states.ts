/** The rows of groups' states. */
import type { DatabaseSync } from "node:sqlite"
import { decodeGroupState, encodeGroupState } from "../../../groups/members/codec.ts"
import type { GroupMember, GroupState } from "../../../groups/members/state.ts"
import { ByteLru } from "../../../segments/read/byte-lru.ts"
import { integer, type Row, text } from "./rows.ts"

/** For the states that are kept decoded, as every heartbeat and poll asks for its group's. */
const MEMORY_BYTES = 64 * 1024 * 1024
/** What they take in memory, about. */
const STATE_BYTES = 500
const MEMBER_BYTES = 400
const PARTITION_BYTES = 40

const WRITE = `
  INSERT INTO group_states (group_name, epoch, members, latest_time, state) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (group_name) DO UPDATE SET
    epoch = excluded.epoch, members = excluded.members, latest_time = excluded.latest_time, state = excluded.state`

export class GroupStates {
  readonly #find
  readonly #epoch
  readonly #write
  readonly #decoded = new ByteLru<GroupState>(MEMORY_BYTES)

  constructor(database: DatabaseSync) {
    this.#find = database.prepare("SELECT state FROM group_states WHERE group_name = ?")
    this.#epoch = database.prepare("SELECT epoch FROM group_states WHERE group_name = ?")
    this.#write = database.prepare(WRITE)
  }

  /** `undefined`: the group never had a member. */
  read(group: string): GroupState | undefined {
    return this.#decoded.get(group) ?? this.#load(group, this.#find.get(group))
  }

  /** As the database has it; 0 without a state. */
  epochOf(group: string): number {
    const row = this.#epoch.get(group)
    return row === undefined ? 0 : integer(row, "epoch")
  }

  /** For use within a transaction; after it, whatever became of it, `forget`. */
  write(group: string, state: GroupState): void {
    const latest = Math.max(0, ...state.members.map(latestTimeOf))
    this.#write.run(group, state.epoch, state.members.length, latest, encodeGroupState(state))
  }

  /** What is in memory may be another state than the database's. */
  forget(group: string): void {
    this.#decoded.delete(group)
  }

  #load(group: string, row: Row | undefined): GroupState | undefined {
    if (row === undefined) return undefined
    const state = decode(group, text(row, "state"))
    this.#decoded.set(group, state, bytesOf(state))
    return state
  }
}

function latestTimeOf({ joinedAt, revokingSince }: GroupMember): number {
  return Math.max(joinedAt, revokingSince ?? 0)
}

function bytesOf({ members, topics }: GroupState): number {
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions.length, 0)
  return STATE_BYTES + members.length * MEMBER_BYTES + partitions * PARTITION_BYTES
}

function decode(group: string, stored: string): GroupState {
  try {
    return decodeGroupState(stored)
  } catch (cause) {
    throw new Error(`The stored state of group ${group} is not valid in this version: ${stored}`, { cause })
  }
}
