import { describe, expect, it } from "vitest"
import { runCli } from "../../fakes/cli-io.ts"

const strata = (line: string) => runCli(line.split(" "))

describe("strata cost", () => {
  it("shows the bill by line, and what the same costs elsewhere", async () => {
    const { code, stdout, stderr } = await strata("cost --rate 1000 --batch 500 --record-size 1KiB --retention 7d")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).toMatch(/^A MONTH +QUANTITY +USD\nHTTP API +[\d,]+ +requests +\d+\.\d\d\n/)
    expect(stdout).toMatch(/\nStratalog +\d+\.\d\d\n\n0\.\d+ USD a GB\. The batch of a request lies in an S3 object/)
    expect(stdout).toMatch(
      /\nKinesis on demand +\d+\.\d\d\nKinesis provisioned +\d+\.\d\d\nMSK Serverless +\d+\.\d\d\n/,
    )
  })

  it("is one document for programs", async () => {
    const { stdout } = await strata("cost --rate 0.5 --placement latency --front-door function-url --json")
    expect(JSON.parse(stdout)).toMatchObject({
      workload: { recordsPerSecond: 0.5, placement: "latency", frontDoor: "function-url", memoryMiB: 512 },
      placement: "item",
      dollars: expect.any(Number),
      alternatives: [{ name: "Kinesis on demand" }, {}, {}],
    })
  })

  it("says where the partitions are too few", async () => {
    expect((await strata("cost --rate 3000 --record-size 100")).stdout).toContain("4 partitions or larger batches")
  })

  it("refuses a rate that is none and a batch that no topic takes", async () => {
    expect(await strata("cost --rate fast")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("so often a second"),
    })
    expect(await strata("cost --batch 10000 --record-size 1KiB")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("4 MiB"),
    })
  })
})
