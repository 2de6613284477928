import { expect, it } from "vitest"
import { hasHash } from "../../../functions/codecs/key-secret.ts"
import { keyGate } from "../../../functions/http/access/key-gate.ts"
import type { ApiRequest } from "../../../functions/http/exchange.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"

const store = createMemoryAccessStore()
const deps = { keys: store, bindings: store, hasHash, clock: { now: () => 0 }, superUsers: new Set<string>() }

async function refusal(authorization?: string): Promise<string> {
  const request = { requestId: "r1", header: () => authorization } as Partial<ApiRequest> as ApiRequest
  return Promise.resolve(keyGate(deps, () => undefined)(request)).then(
    () => "let in",
    (error: Error) => error.message,
  )
}

it("who shows nothing hears so, and who shows what is no key hears that, and not what it was", async () => {
  expect(await refusal()).toMatch(/carries no API key/)
  const half = `stk_firstkeyfirstkey_${"a".repeat(42)}`
  for (const shown of ["Bearer foo", "Bearer", "foo", `Bearer ${half}`, `Basic ${half}`, "Bearer a.b.c"]) {
    const detail = await refusal(shown)
    expect(detail).toMatch(
      /^The header Authorization has no key of the form stk_\.\.\., and no token that is taken here:/,
    )
    expect(detail).not.toMatch(/foo|aaa|a\.b\.c/)
  }
})
