import type { Subscriber } from "./assign.ts"

/**
 * Static members first, by their names, so that worker-0 keeps the first partitions whoever comes and goes; then the
 * others as they joined, so that a new one changes little.
 */
export function inOrder(members: readonly Subscriber[]): readonly Subscriber[] {
  const named = members.filter(({ instanceId }) => instanceId !== undefined)
  const others = members.filter(({ instanceId }) => instanceId === undefined)
  return [...named.toSorted(byName), ...others]
}

function byName({ instanceId: a = "" }: Subscriber, { instanceId: b = "" }: Subscriber): number {
  return a < b ? -1 : a > b ? 1 : 0
}
