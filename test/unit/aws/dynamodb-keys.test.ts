import { expect, it } from "vitest"
import { ITEM_SHARDS, itemShard } from "../../../functions/storage/aws/dynamodb/codec/keys.ts"
import { uuidOf } from "../../fakes/partitions-deps.ts"

it("spreads placed items evenly over all their partition keys", () => {
  const shards = Array.from({ length: 16 }, (_, digit) => itemShard(uuidOf(0, digit)))
  expect(new Set(shards).size).toBe(ITEM_SHARDS)
})
