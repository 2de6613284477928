import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startServer } from "stratalog-server"
import { expect, it } from "vitest"

it("keeps the log from other users of the machine", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stratalog-data-directory-"))
  try {
    const server = await startServer({ dataDir: join(folder, "data"), port: 0 })
    await server.close()
    expect((await stat(join(folder, "data"))).mode & 0o777).toBe(0o700)
  } finally {
    await rm(folder, { recursive: true })
  }
})
