import { configDefaults, defineConfig } from "vitest/config"

const report = process.env["STRATALOG_TEST_REPORT"]

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    // They need a deployment: npm run test:localstack.
    exclude: [...configDefaults.exclude, "test/localstack/**"],
    globalSetup: ["test/aws/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest's own second is soon over on a machine that does something else, too.
    expect: { poll: { timeout: 30_000 } },
    // A file for machines to count from, beside what people read.
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
})
