/**
 * A consumer group as the service keeps it, for one process and a clock of the test's: who holds which partition, who shall
 * have it, under which epoch, and what is committed.
 */
import type { ErrorCode, HeartbeatBody, PollBody } from "stratalog/protocol"

export interface GroupClock {
  now(): number
}

interface Member {
  readonly id: string
  epoch: number
  number: number
  seen: number
  sessionTimeoutMs: number
  instanceId: string | undefined
}

interface Held {
  readonly topic: string
  readonly partition: number
  holder: string | undefined
  target: string | undefined
}

export class Refusal extends Error {
  readonly code: ErrorCode
  /** What stood in the way of a commit. */
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[]

  constructor(code: ErrorCode, detail: string, partitions: Refusal["partitions"] = []) {
    super(detail)
    this.code = code
    this.partitions = partitions
  }
}

export class GroupState {
  readonly members = new Map<string, Member>()
  readonly committed = new Map<string, number>()
  /** Who committed what, in order. */
  readonly commits: { readonly memberId: string; readonly name: string; readonly offset: number }[] = []
  epoch = 0
  /** Told of each commit. */
  onCommit: (name: string, offset: number) => void = () => {}
  /** Who shall have a partition; by default they are dealt out in turn. */
  share: (partition: number, members: readonly string[]) => string | undefined = (partition, members) =>
    members[partition % Math.max(members.length, 1)]
  readonly #partitions: Held[]
  readonly #clock: GroupClock

  constructor(partitions: readonly { topic: string; partition: number }[], clock: GroupClock) {
    this.#partitions = partitions.map((place) => ({ ...place, holder: undefined, target: undefined }))
    this.#clock = clock
  }

  /** What heartbeat and poll have in common. Answers whether the request was overtaken. */
  hear(id: string, body: Pick<HeartbeatBody, "memberEpoch" | "number" | "owned"> & PollBody): { late: boolean } {
    this.expire(id)
    const known = this.members.get(id)
    if (known === undefined && body.memberEpoch !== 0) throw new Refusal("member_not_found", `no member ${id}`)
    if (known !== undefined && body.number !== undefined && body.number < known.number) return { late: true }
    const member = known ?? this.#join(id, body)
    member.number = body.number ?? member.number + 1
    member.seen = this.#clock.now()
    if ((body.memberEpoch ?? 0) > member.epoch) throw new Refusal("member_fenced", "an epoch of the future")
    this.#commit(id, body.commit ?? [])
    const owned = new Set((body.owned ?? []).flatMap(({ topic, partitions }) => partitions.map((p) => `${topic}/${p}`)))
    for (const held of this.#partitions) {
      const isOver = held.holder === id && (held.target !== id || body.memberEpoch === 0)
      if (isOver && !owned.has(nameOf(held))) held.holder = undefined
    }
    this.grant()
    return { late: false }
  }

  leave(id: string): void {
    if (!this.members.delete(id)) throw new Refusal("member_not_found", `no member ${id}`)
    this.#forget(id)
    this.deal()
  }

  /** As a plain commit of a member. */
  commit(id: string, epoch: number, offsets: readonly { topic: string; partition: number; offset: number }[]): void {
    this.expire(id)
    const member = this.members.get(id)
    if (member === undefined) throw new Refusal("member_not_found", `no member ${id}`)
    if (member.epoch !== epoch) throw new Refusal("member_fenced", `epoch ${epoch} is not ${member.epoch}`)
    this.#commit(id, offsets)
  }

  assignmentOf(id: string): Held[] {
    return this.#partitions.filter(({ holder, target }) => holder === id && target === id)
  }

  /** Somebody waits for a partition that another still holds. */
  get isMoving(): boolean {
    return this.#partitions.some(({ holder, target }) => holder !== target)
  }

  holderOf(topic: string, partition: number): string | undefined {
    return this.#partitions.find((held) => held.topic === topic && held.partition === partition)?.holder
  }

  /** Shares the partitions out anew. */
  deal(): void {
    const members = [...this.members.keys()]
    for (const held of this.#partitions) {
      const before = held.target
      held.target = this.share(held.partition, members)
      if (held.holder !== undefined && before === held.holder && held.target !== before) this.#bump(held.holder)
    }
    this.grant()
  }

  grant(): void {
    for (const held of this.#partitions) {
      if (held.holder !== undefined || held.target === undefined) continue
      held.holder = held.target
      this.#bump(held.holder)
    }
  }

  /** Members that were silent for too long; not the one that asks. */
  expire(asking?: string): void {
    for (const { id, seen, sessionTimeoutMs } of [...this.members.values()]) {
      if (id === asking || this.#clock.now() - seen <= sessionTimeoutMs) continue
      this.expel(id)
    }
  }

  expel(id: string): void {
    this.members.delete(id)
    this.#forget(id)
    this.deal()
  }

  #join(id: string, { number, sessionTimeout, instanceId }: PollBody): Member {
    const before = [...this.members.values()].find(
      (member) => instanceId !== undefined && member.instanceId === instanceId,
    )
    const member = {
      id,
      epoch: ++this.epoch,
      number: number ?? 1,
      seen: this.#clock.now(),
      sessionTimeoutMs: Number(sessionTimeout ?? 45_000),
      instanceId,
    }
    this.members.set(id, member)
    if (before !== undefined) {
      this.members.delete(before.id)
      this.#forget(before.id)
    }
    this.deal()
    return member
  }

  #commit(id: string, offsets: readonly { topic: string; partition: number; offset: number }[]): void {
    const refused = offsets.filter(({ topic, partition }) => this.holderOf(topic, partition) !== id)
    if (refused.length > 0) throw new Refusal("member_fenced", "they are another's", refused)
    for (const { topic, partition, offset } of offsets) {
      const name = `${topic}/${partition}`
      this.committed.set(name, Math.max(offset, this.committed.get(name) ?? 0))
      this.commits.push({ memberId: id, name, offset })
      this.onCommit(name, offset)
    }
  }

  #forget(id: string): void {
    for (const held of this.#partitions) if (held.holder === id) held.holder = undefined
  }

  #bump(id: string): void {
    const member = this.members.get(id)
    if (member !== undefined) member.epoch = ++this.epoch
  }
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`
}
