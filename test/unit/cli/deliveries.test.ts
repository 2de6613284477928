import { StratalogError } from "stratalog"
import { describe, expect, it } from "vitest"
import { Deliveries } from "../../../sdk/cli/produce/deliveries.ts"

const told = (partition: number, offset: number) => ({ topic: "orders", partition, offset, timestamp: 1 })
const MiB = 1024 * 1024

describe("deliveries", () => {
  it("are told in the order of the input, whatever the order of the acknowledgements", async () => {
    const order: number[] = []
    const deliveries = new Deliveries((metadata) => {
      order.push(metadata.offset ?? -1)
      return undefined
    })
    let acknowledge = () => {}
    const late = new Promise<ReturnType<typeof told>>((resolve) => {
      acknowledge = () => resolve(told(0, 7))
    })
    deliveries.add(late, 1)
    deliveries.add(Promise.resolve(told(1, 3)), 1)
    acknowledge()
    await deliveries.settled()
    expect(order).toEqual([7, 3])
    expect(deliveries.partitions).toEqual([
      { topic: "orders", partition: 0, firstOffset: 7, lastOffset: 7, records: 1 },
      { topic: "orders", partition: 1, firstOffset: 3, lastOffset: 3, records: 1 },
    ])
  })

  it("hold the input back while too many bytes are on their way", async () => {
    const deliveries = new Deliveries(() => undefined)
    let acknowledge = () => {}
    const first = new Promise<ReturnType<typeof told>>((resolve) => {
      acknowledge = () => resolve(told(0, 0))
    })
    expect(deliveries.add(first, 10 * MiB)).toBeUndefined()
    const room = deliveries.add(Promise.resolve(told(0, 1)), 10 * MiB)
    let hasRoom = false
    void room?.then(() => {
      hasRoom = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect([room === undefined, hasRoom]).toEqual([false, false])
    acknowledge()
    await room
    expect(hasRoom).toBe(true)
  })

  it("keep the first failure and go on with the others", async () => {
    const deliveries = new Deliveries(() => undefined)
    const refused = (detail: string) =>
      Promise.reject(new StratalogError({ code: "batch_too_large", detail, retryable: false, sideEffects: "none" }))
    deliveries.add(refused("one"), 1)
    deliveries.add(refused("two"), 1)
    deliveries.add(Promise.resolve(told(0, 5)), 1)
    await deliveries.settled()
    expect(deliveries.failure?.error).toMatchObject({ detail: "one" })
    expect(deliveries.records).toBe(1)
  })
})
