import type { Assign } from "./assign.ts"
import { type Share, Shares } from "./shares.ts"

/**
 * As even as subscriptions allow, and as little moved as that takes. Who has a partition keeps it; what nobody has goes to
 * who has least; then single partitions move from who has more to who has at least two less, over others where they have
 * no topic in common. Nothing can be evened out any more when it ends: with equal subscriptions all are within one.
 */
export const assignUniform: Assign = (members, topics) => {
  const shares = new Shares(members, topics)
  giveFree(shares)
  while (moveOne(shares)) {
    // Each move makes the sum of the squares of all loads smaller, so that this ends.
  }
  return shares.targets
}

function giveFree(shares: Shares): void {
  for (const [place, targets] of shares.targets.entries()) {
    for (const [partition, target] of targets.entries()) {
      if (target !== undefined) continue
      const to = leastLoaded(shares.subscribersOf(place), shares.holderOf(place, partition), place)
      if (to !== undefined) shares.give(place, partition, to)
    }
  }
}

/** Among those who have least: `first`, then who has least of the topic, then who joined first. */
function leastLoaded(among: readonly Share[], first: Share | undefined, place: number): Share | undefined {
  const rank = (share: Share) => [share.load, share === first ? 0 : 1, share.byTopic[place]?.length ?? 0] as const
  let best: Share | undefined
  for (const share of among) {
    if (best === undefined || isLess(rank(share), rank(best))) best = share
  }
  return best
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

/** Whether there was one to move. */
function moveOne(shares: Shares): boolean {
  const least = Math.min(...shares.shares.map(({ load }) => load))
  // Who can be reached from somebody who cannot give has nobody to give to either.
  const stuck = new Set<Share>()
  for (const from of shares.shares.toSorted((a, b) => b.load - a.load)) {
    if (from.load <= least + 1) return false
    if (stuck.has(from)) continue
    const reached = reachable(shares, from)
    const to = leastOf(reached.keys(), from.load - 2)
    if (to !== undefined) {
      for (const step of wayBack(reached, to)) shares.move(step.place, step.from, step.to)
      return true
    }
    for (const share of reached.keys()) stuck.add(share)
  }
  return false
}

interface Step {
  readonly place: number
  readonly from: Share
  readonly to: Share
}

/** Who can get something, by whatever many hands, nearest first, each with the last step to it. */
function reachable(shares: Shares, from: Share): ReadonlyMap<Share, Step | undefined> {
  const reached = new Map<Share, Step | undefined>([[from, undefined]])
  const opened = new Set<number>()
  for (const share of reached.keys()) {
    for (const place of placesOf(share)) {
      if (opened.has(place)) continue
      opened.add(place)
      for (const to of shares.subscribersOf(place)) {
        if (!reached.has(to)) reached.set(to, { place, from: share, to })
      }
      if (reached.size === shares.shares.length) return reached
    }
  }
  return reached
}

/** The first of those who have least, of at most `most`. */
function leastOf(among: Iterable<Share>, most: number): Share | undefined {
  let best: Share | undefined
  for (const share of among) {
    if (share.load <= most && share.load < (best?.load ?? Number.POSITIVE_INFINITY)) best = share
  }
  return best
}

/** Topics of which it has partitions, those first of which it has most: so that those of one topic are spread, too. */
function placesOf(share: Share): readonly number[] {
  return share.byTopic
    .flatMap((partitions, place) => (partitions.length > 0 ? [{ place, count: partitions.length }] : []))
    .toSorted((a, b) => b.count - a.count)
    .map(({ place }) => place)
}

function wayBack(reached: ReadonlyMap<Share, Step | undefined>, to: Share): readonly Step[] {
  const steps: Step[] = []
  for (let step = reached.get(to); step !== undefined; step = reached.get(step.from)) steps.push(step)
  return steps
}
