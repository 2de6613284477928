/** Runtimes and browsers that this machine may have. */
import { access } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { type Browser, chromium } from "playwright-core"
import type { TestContext } from "vitest"

/** Undefined, and the test is skipped, where there is none; with CI=true that is a failure. */
export async function launchChromium(context: TestContext): Promise<Browser | undefined> {
  const executablePath = await firstOf(["chromium", "google-chrome"])
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: browserFlags })
  skipOutsideCi(context, "no Chromium; to have it: apt-get install chromium")
  return undefined
}

/** A runtime that is missing is told, not passed over. */
export function skip(context: TestContext, reason: string): void {
  console.warn(`SKIPPED ${context.task.name}: ${reason}`)
  context.skip(reason)
}

/** With CI=true a failure. */
export function skipOutsideCi(context: TestContext, reason: string): void {
  if (process.env["CI"] === "true") throw new Error(reason)
  skip(context, reason)
}

const browserFlags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** `places`: files, or commands on the PATH. */
export async function firstOf(places: readonly string[]): Promise<string | undefined> {
  const path = (process.env["PATH"] ?? "").split(delimiter)
  const files = places.flatMap((place) => (place.includes("/") ? [place] : path.map((folder) => join(folder, place))))
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}
