/** Runs conformance cases against a base URL. */
import assert from "node:assert/strict"
import { randomBytes } from "node:crypto"
import { limitsSchema, whoami } from "stratalog/protocol"
import type { ConformanceCase } from "./case.ts"
import { CaseContext, type Target } from "./context.ts"
import { describeAnswer, jsonOf } from "./contract.ts"
import { type HttpOptions, httpClient } from "./http.ts"

export interface TargetOptions extends HttpOptions {
  readonly gateway?: boolean | undefined
}

/** Connects to a running server, and asks for its limits and whom it takes the suite for. */
export async function openTarget(baseUrl: string, { gateway = false, ...http }: TargetOptions = {}): Promise<Target> {
  const client = httpClient(baseUrl, http)
  const get = async (path: string) => {
    const answer = await client.send({ method: "GET", path })
    assert.equal(answer.status, 200, describeAnswer(answer))
    return jsonOf(answer)
  }
  const limits = limitsSchema.parse(await get("/v1/limits"))
  const { access } = whoami.parse(await get("/v1/whoami"))
  return { client, limits, gateway, access, runId: `cf-${randomBytes(5).toString("hex")}` }
}

/** Rejects where the server breaks the contract, or the case did not do what it says it covers. */
export async function runCase(target: Target, conformance: ConformanceCase, caseNumber: number): Promise<void> {
  const context = new CaseContext(target, caseNumber)
  try {
    await conformance.run(context)
  } catch (error) {
    // What cannot be removed then says nothing of what went wrong.
    await context.cleanUp().catch(() => undefined)
    throw error
  }
  await context.cleanUp()
  for (const route of conformance.routes) assert.ok(context.calledRoutes.has(route), `the case never called ${route}`)
  for (const code of conformance.errors) assert.ok(context.seenErrors.has(code), `the case never saw ${code}`)
}
