/** What a web page gets that imports the client: nothing of Node, of zod, of the server; and how much it is. */
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { type BuildOptions, type BuildResult, build } from "esbuild"
import { beforeAll, describe, expect, it } from "vitest"

const entry = fileURLToPath(new URL("../../sdk/client/index.ts", import.meta.url))

/** Compressed size that the client may have, bytes. */
const BUDGET = 40 * 1024

let bundle: BuildResult<{ metafile: true; write: false }>

const browser = {
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  conditions: ["source"],
  // Loaded only by who reads zstd where the platform cannot.
  external: ["zstddec"],
  metafile: true,
  write: false,
} satisfies BuildOptions

beforeAll(async () => {
  bundle = await build({ ...browser, entryPoints: [entry] })
})

describe("the client's bundle for browsers", () => {
  it("holds only the SDK's own client, protocol and record batches", () => {
    const foreign = Object.keys(bundle.metafile.inputs).filter(
      (path) => !/^(?:.*\/)?sdk\/(?:client|protocol|record-batch)\//.test(path),
    )
    expect(foreign).toEqual([])
  })

  it("imports nothing but zstd's decoder, and that on demand", () => {
    const imports = Object.values(bundle.metafile.outputs).flatMap((output) => output.imports)
    expect(imports).toMatchObject([{ path: "zstddec", kind: "dynamic-import", external: true }])
  })

  it("names Node's zlib only to ask whether it is there", () => {
    const text = bundle.outputFiles[0]?.text ?? ""
    expect(text.match(/node:\w+/g)).toEqual(["node:zlib"])
  })

  it("signs for AWS in a page, too, for a few KB more", async () => {
    const signing = fileURLToPath(new URL("../../sdk/aws/index.ts", import.meta.url))
    const { outputFiles } = await build({ ...browser, entryPoints: [signing] })
    const text = outputFiles[0]?.text ?? ""
    expect(text).toContain("AWS4-HMAC-SHA256")
    expect(text).not.toMatch(/node:|process/)
    const compressed = gzipSync(text).length
    console.info(`What signs takes ${compressed} bytes with gzip.`)
    expect(compressed).toBeLessThan(5 * 1024)
  })

  it("is small", () => {
    const bytes = bundle.outputFiles[0]?.contents ?? new Uint8Array()
    const compressed = gzipSync(bytes).length
    console.info(`The client takes ${bytes.length} bytes minified, ${compressed} with gzip.`)
    expect(bytes.length).toBeGreaterThan(10_000)
    expect(compressed).toBeLessThan(BUDGET)
  })
})
