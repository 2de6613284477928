/** What is looked at, and no more. */
export interface Scope {
  readonly topics: boolean
  /** Undefined: all there are. */
  readonly groups: readonly string[] | undefined
  readonly topicPrefix: string
  readonly groupPrefix: string
  /** No more topics, and no more groups, than these: the first by name. */
  readonly most: number
}

/** Of all topics together; one that goes beyond is left out whole, as the service reads the ends of each. */
export const MOST_PARTITIONS = 5_000
/** Of topics, and of groups: no more are listed, even where few of them are looked at. */
export const MOST_NAMES = 2_000
