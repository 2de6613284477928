/**
 * What each function may do to the table and the bucket: by action, and in the one table by partition key, as its code does
 * and no more. test/infra/permissions holds the two against each other, in both directions.
 */
import { type AccessSettings, looksCallersUp, takesKeys } from "../access.ts"
import type { EntryName } from "../entries.ts"

export type ItemAction =
  | "GetItem"
  | "BatchGetItem"
  | "Query"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "BatchWriteItem"
  | "ConditionCheckItem"

export type ObjectAction = "GetObject" | "PutObject" | "DeleteObject"

export interface StoragePermissions {
  /** Partition keys by action, `*` at the end for any rest. A transaction is allowed by what it consists of. */
  readonly items: Partial<Record<ItemAction, readonly string[]>>
  /** Keys of objects by action. */
  readonly objects: Partial<Record<ObjectAction, readonly string[]>>
  /** Whether it may list the bucket: of an object that is missing others are told "forbidden", which is another thing. */
  readonly lists: boolean
}

/** Partition keys: functions/storage/aws/dynamodb/README.md. */
const HEADS = "h/*"
const PAGES = "p/*"
const PLACED_ITEMS = "i/*"
const SPILLED_PRODUCERS = "q/*"
const SEGMENTS = "s/*"
const TOPICS = "topics"
const PARTITIONS_OF_TOPICS = "n/*"
const DELETED_TOPICS = "deleted-topics"
const OFFSETS = "g/*"
const MEMBERS = "m/*"
const GROUPS = "groups"
const GROUPS_OF_TOPICS = "t/*"
const PRODUCER_IDS = "producer-ids"
const EPOCHS = "e/*"
const UPKEEP_REPORT = "upkeep"
const ACCESS_KEYS = "access-keys"
const ACLS = "acls"

const PLACED_OBJECTS = "batches/*"
const SEGMENT_OBJECTS = "segments/*"

const PRODUCE: StoragePermissions = {
  items: {
    GetItem: [TOPICS, HEADS, SPILLED_PRODUCERS, PRODUCER_IDS, EPOCHS],
    Query: [PAGES],
    PutItem: [PLACED_ITEMS, PAGES],
    UpdateItem: [HEADS, SPILLED_PRODUCERS, PRODUCER_IDS, EPOCHS],
  },
  objects: { PutObject: [PLACED_OBJECTS] },
  lists: false,
}

const FETCH: StoragePermissions = {
  items: {
    GetItem: [TOPICS, HEADS],
    BatchGetItem: [PLACED_ITEMS],
    Query: [PAGES, SEGMENTS],
  },
  objects: { GetObject: [PLACED_OBJECTS, SEGMENT_OBJECTS] },
  lists: true,
}

const POLL: StoragePermissions = {
  items: {
    GetItem: [TOPICS, HEADS, MEMBERS],
    BatchGetItem: [PLACED_ITEMS, OFFSETS, MEMBERS],
    Query: [TOPICS, PAGES, SEGMENTS, OFFSETS, MEMBERS],
    PutItem: [MEMBERS],
    UpdateItem: [OFFSETS, MEMBERS, GROUPS, GROUPS_OF_TOPICS],
    DeleteItem: [MEMBERS],
    ConditionCheckItem: [MEMBERS],
  },
  objects: FETCH.objects,
  lists: true,
}

const ADMIN: StoragePermissions = {
  items: {
    GetItem: [TOPICS, HEADS, PARTITIONS_OF_TOPICS, GROUPS, MEMBERS, UPKEEP_REPORT],
    BatchGetItem: [HEADS, MEMBERS],
    Query: [TOPICS, PAGES, SEGMENTS, OFFSETS, MEMBERS, GROUPS, GROUPS_OF_TOPICS],
    PutItem: [TOPICS, DELETED_TOPICS, MEMBERS],
    UpdateItem: [TOPICS, HEADS, PARTITIONS_OF_TOPICS, GROUPS],
    DeleteItem: [TOPICS, OFFSETS, MEMBERS, GROUPS, GROUPS_OF_TOPICS],
    BatchWriteItem: [HEADS],
    ConditionCheckItem: [PARTITIONS_OF_TOPICS],
  },
  objects: {},
  lists: false,
}

const UPKEEP: StoragePermissions = {
  items: {
    GetItem: [HEADS, PARTITIONS_OF_TOPICS],
    BatchGetItem: [PLACED_ITEMS],
    Query: [TOPICS, DELETED_TOPICS, PAGES, PLACED_ITEMS, SPILLED_PRODUCERS, SEGMENTS],
    PutItem: [SEGMENTS, DELETED_TOPICS],
    UpdateItem: [HEADS, PARTITIONS_OF_TOPICS, UPKEEP_REPORT],
    DeleteItem: [SEGMENTS, DELETED_TOPICS, PARTITIONS_OF_TOPICS],
    BatchWriteItem: [HEADS, PAGES, PLACED_ITEMS, SPILLED_PRODUCERS],
  },
  objects: {
    GetObject: [PLACED_OBJECTS, SEGMENT_OBJECTS],
    PutObject: [SEGMENT_OBJECTS],
    DeleteObject: [PLACED_OBJECTS, SEGMENT_OBJECTS],
  },
  lists: true,
}

/** To know what a caller may do. */
const READS_ACLS: StoragePermissions = { items: { Query: [ACLS] }, objects: {}, lists: false }

/** To know a caller by a key. */
const READS_KEYS: StoragePermissions = { items: { GetItem: [ACCESS_KEYS] }, objects: {}, lists: false }

/** To say who may do what. Keys may be made before there is a door that takes them. */
const MANAGES_ACCESS: StoragePermissions = {
  items: {
    GetItem: [ACCESS_KEYS],
    Query: [ACCESS_KEYS, ACLS],
    PutItem: [ACCESS_KEYS, ACLS],
    DeleteItem: [ACCESS_KEYS],
    BatchWriteItem: [ACLS],
  },
  objects: {},
  lists: false,
}

/** Of upkeep, too, where it looks up the lag of groups. */
export const LAG: StoragePermissions = {
  items: { GetItem: [TOPICS, HEADS], Query: [OFFSETS, MEMBERS] },
  objects: {},
  lists: false,
}

const PERMISSIONS: Readonly<Record<EntryName, StoragePermissions>> = {
  produce: PRODUCE,
  fetch: FETCH,
  poll: POLL,
  admin: ADMIN,
  // One role for all that the four may do: so a defect in reading can delete a topic. The price of a front door of one function.
  api: [PRODUCE, FETCH, POLL, ADMIN].reduce(both),
  upkeep: UPKEEP,
}

export function permissionsOf(entry: EntryName, settings: AccessSettings): StoragePermissions {
  const own = PERMISSIONS[entry]
  if (entry === "upkeep" || !looksCallersUp(settings)) return own
  const known = takesKeys(settings) ? [READS_ACLS, READS_KEYS] : [READS_ACLS]
  const managed = entry === "admin" || entry === "api" ? [MANAGES_ACCESS] : []
  return [own, ...known, ...managed].reduce(both)
}

export function usesObjects({ objects }: StoragePermissions): boolean {
  return Object.keys(objects).length > 0
}

const WRITING: readonly ItemAction[] = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]

export function writes({ items }: StoragePermissions): boolean {
  return WRITING.some((action) => items[action] !== undefined)
}

function both(one: StoragePermissions, other: StoragePermissions): StoragePermissions {
  return {
    items: union(one.items, other.items),
    objects: union(one.objects, other.objects),
    lists: one.lists || other.lists,
  }
}

type ByAction = Readonly<Record<string, readonly string[]>>

function union(one: ByAction, other: ByAction): ByAction {
  const actions = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return Object.fromEntries(
    actions.map((action) => [action, [...new Set([...(one[action] ?? []), ...(other[action] ?? [])])]]),
  )
}
