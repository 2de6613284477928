import type { Assign } from "./assign.ts"
import { inOrder } from "./order.ts"

/** Kafka's round-robin: one partition after another goes to one member after another that subscribes to its topic. */
export const assignRoundRobin: Assign = (members, topics) => {
  const ordered = inOrder(members)
  let turn = 0
  return topics.map(({ topic, partitions }) =>
    partitions.map(() => {
      for (let passed = 0; passed < ordered.length; passed++) {
        const member = ordered[(turn + passed) % ordered.length]
        if (member?.topics.has(topic) !== true) continue
        turn = (turn + passed + 1) % ordered.length
        return member.memberId
      }
      return undefined
    }),
  )
}
