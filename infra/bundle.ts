/** Makes ES modules of a function and everything that it imports. No container is asked for. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { AssetHashType, DockerImage } from "aws-cdk-lib"
import { type AssetCode, Code } from "aws-cdk-lib/aws-lambda"
import type { BuildOptions, Metafile } from "esbuild"
import type { EntryName } from "./entries.ts"
import { buildStraight } from "./esbuild/build.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const entries = join(root, "functions/lambda")

/** Those that serve the documents of the API. */
const WITH_PAGES: readonly EntryName[] = ["admin", "api"]

/** The asset is named by what is in the bundle: a change elsewhere deploys nothing. */
export function bundledCode(entry: EntryName): AssetCode {
  return Code.fromAsset(entries, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("none"),
      // The CDK takes two assets for one whose folder and options are alike, and does not look into functions.
      command: [entry],
      local: {
        tryBundle: (folder) => {
          bundle(entry, folder)
          return true
        },
      },
    },
  })
}

const leftOut = (name: string) => join(entries, "left-out", `${name}.ts`)

/** What the AWS clients refer to and a function never uses. */
const LEFT_OUT = {
  "@aws-sdk/credential-provider-ini": leftOut("credential-sources"),
  "@aws-sdk/credential-provider-process": leftOut("credential-sources"),
  "@aws-sdk/credential-provider-sso": leftOut("credential-sources"),
  "@aws-sdk/credential-provider-web-identity": leftOut("credential-sources"),
  "@aws-sdk/endpoint-cache": leftOut("endpoint-cache"),
}

/** How everything of a function is bundled. */
export const bundleOptions = {
  bundle: true,
  // What is imported only when it is needed lies in files of its own, which no cold start reads.
  splitting: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node24",
  outExtension: { ".js": ".mjs" },
  // The sources of our own packages, and the ES modules of others: of those only what is used goes in.
  conditions: ["source", "module"],
  mainFields: ["module", "main"],
  alias: LEFT_OUT,
  legalComments: "none",
  logLevel: "warning",
} satisfies BuildOptions

/** Writes index.mjs and what it reads beside it. The answer tells what went in. */
export function bundle(entry: EntryName, folder: string): Metafile {
  const metafile = buildStraight({
    ...bundleOptions,
    absWorkingDir: root,
    entryPoints: { index: join(entries, `${entry}.ts`) },
    outdir: folder,
  })
  if (WITH_PAGES.includes(entry)) copyPages(folder)
  return metafile
}

/** The documents that the API serves about itself, as they are made by `npm run docs` and by Swagger. */
function copyPages(folder: string): void {
  const swagger = join(
    dirname(createRequire(join(root, "functions/package.json")).resolve("@fastify/swagger-ui/package.json")),
    "static",
  )
  const document: unknown = JSON.parse(readFileSync(join(root, "docs/openapi.json"), "utf8"))
  writeFileSync(join(folder, "openapi.json"), `${JSON.stringify(document)}\n`)
  for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"]) copyFileSync(join(swagger, name), join(folder, name))
}
