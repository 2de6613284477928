import { defineConfig } from "vitest/config"

const report = process.env["STRATALOG_TEST_REPORT"]

/** What runs against a deployment; `npm run test:localstack` makes one. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/localstack/**/*.test.ts"],
    globalSetup: ["test/localstack/global-setup.ts"],
    // They wait more than they work.
    maxWorkers: 4,
    // Functions start cold, and share the machine with LocalStack.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
})
