/**
 * One true exchange for each route. They make one story, in this order, on an empty log at `EXAMPLE_TIME`; a test plays it
 * and compares every answer.
 */
export interface Example {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly status: number
  readonly answer?: unknown
}

/** Epoch milliseconds. */
export const EXAMPLE_TIME = 1_763_600_000_000

export const EXAMPLE_TOPIC_ID = "5f0c5d0e-8f4b-4a53-9d1b-0d6f8f2f7c11"

const orders = { topic: "orders" }
const ordersOne = { topic: "orders", partition: "1" }
const billing = { group: "billing" }
const shippingOne = { group: "shipping", member: "s1" }

const created = {
  name: "orders",
  id: EXAMPLE_TOPIC_ID,
  partitions: 3,
  config: {
    "retention.ms": 259_200_000,
    "retention.bytes": -1,
    "cleanup.policy": "delete",
    "max.message.bytes": 1_048_576,
    "message.timestamp.type": "CreateTime",
    "segment.bytes": 67_108_864,
    "segment.ms": 604_800_000,
    "min.compaction.lag.ms": 0,
    "delete.retention.ms": 86_400_000,
    placement: "cost",
  },
  overrides: ["retention.ms"],
  createdAt: EXAMPLE_TIME,
}

const altered = {
  ...created,
  config: { ...created.config, "retention.bytes": 1_073_741_824 },
  overrides: ["retention.bytes", "retention.ms"],
}

const firstRecord = {
  offset: 0,
  timestamp: EXAMPLE_TIME,
  key: "u1",
  value: { qty: 2 },
  headers: [["trace", "a1"]],
}
const secondRecord = { offset: 1, timestamp: EXAMPLE_TIME, key: null, value: { qty: 3 } }
const allOfOrders = { topic: "orders", partitions: [0, 1, 2] }
const memberOne = {
  memberId: "s1",
  memberEpoch: 1,
  assignment: [{ ...allOfOrders, topicId: EXAMPLE_TOPIC_ID }],
}
const unread = { topic: "orders", committedOffset: null, logStartOffset: 0, lag: null, memberId: null }
const committed = { topic: "orders", partition: 1, offset: 1, metadata: "", committedAt: EXAMPLE_TIME }

const noFailures = { count: 0, codes: [], first: [] }

/** What upkeep has done when the story begins. */
export const exampleUpkeep = {
  lastRun: {
    startedAt: EXAMPLE_TIME - 60_000,
    endedAt: EXAMPLE_TIME - 59_000,
    partitions: 8,
    sweep: false,
    complete: true,
    failures: {
      count: 1,
      codes: [{ code: "throttled", count: 1 }],
      first: [
        {
          code: "throttled",
          topic: "payments",
          topicId: "0b8f7f0a-52c5-4a39-9a3c-6f3d6f2d9a01",
          partition: 2,
          step: "tier",
          detail: "DynamoDB: ThrottlingException: Throughput exceeds the current capacity of your table.",
        },
      ],
    },
  },
  lastRound: {
    startedAt: EXAMPLE_TIME - 3_660_000,
    endedAt: EXAMPLE_TIME - 3_655_000,
    partitions: 8,
    failures: noFailures,
    unfinished: false,
    backlog: { waitingBytes: 23_068_672, overduePartitions: 0, overdueSince: null },
  },
  lastSweep: {
    startedAt: EXAMPLE_TIME - 14_460_000,
    endedAt: EXAMPLE_TIME - 14_450_000,
    partitions: 8,
    removed: { objects: 2, items: 1, bytes: 33_816_576 },
  },
  lastNudge: {
    startedAt: EXAMPLE_TIME - 600_000,
    endedAt: EXAMPLE_TIME - 598_000,
    partitions: 1,
    failures: noFailures,
  },
} as const

const bob = {
  id: "aeaqcaibaeaqcaib",
  principal: "User:bob",
  superUser: false,
  description: "the billing service",
  createdAt: EXAMPLE_TIME,
  expiresAt: EXAMPLE_TIME + 90 * 86_400_000,
}

/** Bob consumes all topics that begin with `orders`, in the group `billing`. */
const readsOrders = {
  principal: "User:bob",
  permission: "allow",
  operation: "read",
  resourceType: "topic",
  resourceName: "orders",
  patternType: "prefixed",
}
const readsBilling = { ...readsOrders, resourceType: "group", resourceName: "billing", patternType: "literal" }

/** Who sends the requests of this story. */
export const EXAMPLE_CALLER = { principal: "User:admin", superUser: true, key: "firstkeyfirstkey" }

export const examples: Readonly<Partial<Record<string, Example>>> = {
  createTopic: {
    params: orders,
    body: { partitions: 3, config: { "retention.ms": 259_200_000 } },
    status: 201,
    answer: created,
  },
  listTopics: { query: { prefix: "ord", limit: "10" }, status: 200, answer: { topics: [created] } },
  alterTopic: { params: orders, body: { config: { "retention.bytes": 1_073_741_824 } }, status: 200, answer: altered },
  describeTopic: { params: orders, status: 200, answer: altered },
  produceToTopic: {
    params: orders,
    body: { records: [{ key: "u1", value: { qty: 2 }, headers: [["trace", "a1"]] }] },
    status: 200,
    answer: { results: [{ partition: 1, baseOffset: 0, count: 1, timestamp: EXAMPLE_TIME }] },
  },
  produceToPartition: {
    params: ordersOne,
    body: { records: [{ value: { qty: 3 } }], matchOffset: 1 },
    status: 200,
    answer: { partition: 1, baseOffset: 1, count: 1, timestamp: EXAMPLE_TIME },
  },
  initProducer: { body: {}, status: 200, answer: { id: 1, epoch: 0 } },
  produceMany: {
    body: {
      entries: [
        { topic: "orders", partition: 0, records: [{ value: { qty: 4 } }], producer: { id: 1, epoch: 0, sequence: 0 } },
        { topic: "orders", partition: 2, records: [{ value: { qty: 5 } }, { value: { qty: 6 } }] },
      ],
    },
    status: 200,
    answer: {
      results: [
        { topic: "orders", partition: 0, baseOffset: 0, count: 1, timestamp: EXAMPLE_TIME },
        { topic: "orders", partition: 2, baseOffset: 0, count: 2, timestamp: EXAMPLE_TIME },
      ],
    },
  },
  fetchRecords: {
    params: ordersOne,
    query: { offset: "0", limit: "100", wait: "10s" },
    status: 200,
    answer: { records: [firstRecord, secondRecord], nextOffset: 2, highWatermark: 2, logStartOffset: 0 },
  },
  fetchMany: {
    body: {
      partitions: [
        { topic: "orders", partition: 0, offset: "latest" },
        { topic: "orders", partition: 1, offset: 1 },
      ],
      limit: 100,
    },
    status: 200,
    answer: {
      partitions: [
        { topic: "orders", partition: 0, records: [], nextOffset: 1, highWatermark: 1, logStartOffset: 0 },
        { topic: "orders", partition: 1, records: [secondRecord], nextOffset: 2, highWatermark: 2, logStartOffset: 0 },
      ],
    },
  },
  topicOffsets: {
    params: orders,
    query: { timestamp: `${EXAMPLE_TIME}`, partition: "1" },
    status: 200,
    answer: {
      offsets: [
        {
          partition: 1,
          logStartOffset: 0,
          highWatermark: 2,
          offset: 0,
          timestamp: EXAMPLE_TIME,
          sizeInBytes: 165,
        },
      ],
    },
  },
  setFence: {
    params: ordersOne,
    body: { token: "writer-2", expected: null },
    status: 200,
    answer: { partition: 1, fencingToken: "writer-2" },
  },
  commitOffsets: {
    params: billing,
    body: { offsets: [{ topic: "orders", partition: 1, offset: 1 }] },
    status: 200,
    answer: { offsets: [committed] },
  },
  committedOffsets: { params: billing, query: { topic: "orders" }, status: 200, answer: { offsets: [committed] } },
  groupLag: {
    params: billing,
    status: 200,
    answer: {
      partitions: [
        { ...unread, partition: 0, highWatermark: 1 },
        { ...unread, partition: 1, committedOffset: 1, highWatermark: 2, lag: 1 },
        { ...unread, partition: 2, highWatermark: 2 },
      ],
      totalLag: 1,
    },
  },
  resetOffsets: {
    params: billing,
    body: { shift: -1, topics: [{ topic: "orders", partitions: [1] }], execute: true },
    status: 200,
    answer: { executed: true, offsets: [{ topic: "orders", partition: 1, committedOffset: 1, newOffset: 0 }] },
  },
  heartbeat: {
    params: shippingOne,
    body: { memberEpoch: 0, topics: ["orders"], sessionTimeout: "30s" },
    status: 200,
    answer: { ...memberOne, heartbeatInterval: 5_000 },
  },
  poll: {
    params: shippingOne,
    body: {
      memberEpoch: 1,
      positions: [
        { topic: "orders", partition: 0, offset: 1 },
        { topic: "orders", partition: 2, offset: 2 },
      ],
      wait: "10s",
    },
    status: 200,
    answer: {
      ...memberOne,
      heartbeatInterval: 5_000,
      batches: [
        {
          topic: "orders",
          partition: 1,
          records: [firstRecord, secondRecord],
          nextOffset: 2,
          highWatermark: 2,
          logStartOffset: 0,
        },
      ],
    },
  },
  describeGroup: {
    params: { group: "shipping" },
    status: 200,
    answer: {
      group: "shipping",
      state: "Stable",
      epoch: 1,
      assignor: "uniform",
      topics: ["orders"],
      members: [
        {
          ...memberOne,
          sessionTimeout: 30_000,
          lastSeen: EXAMPLE_TIME,
          topics: ["orders"],
          assignment: [allOfOrders],
          revoking: [],
        },
      ],
    },
  },
  listGroups: {
    query: { limit: "10" },
    status: 200,
    answer: { groups: [{ group: "billing" }, { group: "shipping" }] },
  },
  leaveGroup: { params: shippingOne, status: 204 },
  deleteRecords: {
    params: ordersOne,
    query: { before: "1" },
    status: 200,
    answer: { partition: 1, logStartOffset: 1 },
  },
  deleteGroup: { params: billing, status: 204 },
  deleteTopic: { params: orders, status: 204 },
  whoami: {
    status: 200,
    answer: { ...EXAMPLE_CALLER, access: "key", key: { id: EXAMPLE_CALLER.key, expiresAt: null } },
  },
  createKey: {
    body: { principal: "User:bob", description: "the billing service", expiresIn: "90d" },
    status: 201,
    answer: { key: "stk_aeaqcaibaeaqcaib_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", ...bob },
  },
  listKeys: { query: { principal: "User:bob", limit: "10" }, status: 200, answer: { keys: [bob] } },
  addAcls: {
    body: {
      acls: [
        {
          principal: "User:bob",
          operation: "read",
          resourceType: "topic",
          resourceName: "orders",
          patternType: "prefixed",
        },
        { principal: "User:bob", operation: "read", resourceType: "group", resourceName: "billing" },
      ],
    },
    status: 200,
    answer: { acls: [readsBilling, readsOrders] },
  },
  listAcls: {
    query: { resourceType: "topic", resourceName: "orders-eu", patternType: "match" },
    status: 200,
    answer: { acls: [readsOrders] },
  },
  removeAcls: {
    body: { filter: { principal: "User:bob", resourceType: "group" } },
    status: 200,
    answer: { removed: [readsBilling] },
  },
  revokeKey: { params: { key: bob.id }, status: 204 },
  upkeep: { status: 200, answer: exampleUpkeep },
}
