import { InvalidArgumentError } from "commander"

export interface CommitTarget {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const TARGET = /^([a-zA-Z0-9._-]{1,249}):(\d{1,4})=(\d{1,16})$/

/** `orders:0=42`, given several times. */
export function commitTargets(text: string, before: readonly CommitTarget[] | undefined): CommitTarget[] {
  const [, topic, partition, offset] = TARGET.exec(text) ?? []
  if (topic === undefined || partition === undefined || offset === undefined) {
    throw new InvalidArgumentError("It must be <topic>:<partition>=<offset>, such as orders:0=42.")
  }
  return [...(before ?? []), { topic, partition: Number(partition), offset: Number(offset) }]
}
