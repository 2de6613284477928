/** `npm run bench:coldstart`: what a function's bundle takes to load, beside the clients that it cannot do without. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import { bundle } from "../../infra/bundle.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const RUNS = 15

const CLIENTS: Readonly<Record<string, string>> = {
  "an empty module": "export const handler = 1",
  "the DynamoDB client alone": 'export { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb"',
  "the S3 client alone": 'export { S3Client, PutObjectCommand } from "@aws-sdk/client-s3"',
  "both clients":
    'export { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb"; export { S3Client, PutObjectCommand } from "@aws-sdk/client-s3"',
}

/** Milliseconds from before the import to behind it, in a process of its own. */
const PROBE = `const begun = performance.now(); await import(process.argv[1]); console.log(performance.now() - begun); process.exit()`

const env = {
  ...process.env,
  AWS_REGION: "us-east-1",
  STRATALOG_TABLE: "table",
  STRATALOG_BUCKET: "bucket",
  STRATALOG_VERSION: "0.0.0",
}

function bareModule(code: string, folder: string): void {
  mkdirSync(folder)
  buildSync({
    stdin: { contents: code, resolveDir: join(root, "functions") },
    outfile: join(folder, "index.mjs"),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    logLevel: "error",
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function loadOnce(module: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", PROBE, module], { env })
  const milliseconds = Number(stdout)
  if (!(milliseconds > 0)) throw new Error(String(stderr))
  return milliseconds
}

const folder = mkdtempSync(join(tmpdir(), "stratalog-coldstart-"))
try {
  const modules: [string, string][] = Object.entries(CLIENTS).map(([name, code], index) => {
    const at = join(folder, `bare-${index}`)
    bareModule(code, at)
    return [name, join(at, "index.mjs")]
  })
  for (const entry of ["api", "upkeep"] as const) {
    bundle(entry, join(folder, entry))
    modules.push([`the function ${entry}`, join(folder, entry, "index.mjs")])
  }
  const times = new Map(modules.map(([name]) => [name, [] as number[]]))
  // In turns, so that what else the machine does meets all alike.
  for (let run = 0; run < RUNS; run++) for (const [name, module] of modules) times.get(name)?.push(loadOnce(module))
  console.log(`Module load, median of ${RUNS} processes, and size of the bundle:\n`)
  for (const [name, module] of modules) {
    const load = median(times.get(name) ?? []).toFixed(0)
    console.log(`${name.padEnd(28)} ${load.padStart(5)} ms ${(statSync(module).size / 1000).toFixed(0).padStart(6)} KB`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
