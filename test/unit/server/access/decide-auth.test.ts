import { describe, expect, it } from "vitest"
import { decideAuth, isLoopback } from "../../../../functions/server/access/decide-auth.ts"

const local = { host: "127.0.0.1", hasKeys: false, tls: false, unused: [] }
const open = { ...local, host: "0.0.0.0" }

describe("whether a server asks for keys", () => {
  it("is as it was told", () => {
    expect(decideAuth({ ...local, auth: "required" })).toEqual({ kind: "required" })
    expect(decideAuth({ ...local, auth: "off" })).toEqual({ kind: "off" })
    expect(decideAuth({ ...open, auth: "required", tls: true })).toEqual({ kind: "required" })
  })

  it("is no by default where only this machine reaches it", () => {
    expect(decideAuth({ ...local, auth: "auto" })).toEqual({ kind: "off" })
  })

  it("has to be said where others reach it, or where it was locked before", () => {
    for (const facts of [open, { ...open, tls: true }, { ...local, hasKeys: true }]) {
      const decision = decideAuth({ ...facts, auth: "auto" })
      expect(decision.kind).toBe("refused")
      expect(decision.kind === "refused" && decision.detail).toMatch(/--auth required.*--auth off/)
    }
  })

  it("has to be said where settings were given that mean nothing otherwise", () => {
    const unused = ["STRATALOG_SUPER_KEY", "--super-users"]
    const detail = expect.stringMatching(
      /^STRATALOG_SUPER_KEY and --super-users were given: they mean .*--auth required.*--auth off/,
    )
    expect(decideAuth({ ...local, unused, auth: "auto" })).toEqual({ kind: "refused", detail })
    expect(decideAuth({ ...local, unused, auth: "required" })).toEqual({ kind: "required" })
    expect(decideAuth({ ...local, unused: ["--jwt-issuer"], auth: "off" })).toMatchObject({
      kind: "off",
      warning: { detail: expect.stringContaining("--jwt-issuer was given: it means") },
    })
  })

  it("comes with a warning where it is dangerous", () => {
    expect(decideAuth({ ...open, auth: "off" })).toMatchObject({ warning: { event: "access_not_controlled" } })
    expect(decideAuth({ ...local, hasKeys: true, auth: "off" })).toMatchObject({
      warning: { detail: expect.stringContaining("none of them is looked at") },
    })
    expect(decideAuth({ ...open, auth: "required" })).toMatchObject({ warning: { event: "keys_in_the_clear" } })
  })

  it.each([
    ["127.0.0.1", true],
    ["127.8.9.1", true],
    ["localhost", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["::", false],
    ["", false],
    ["10.0.0.7", false],
    ["localhost.example.com", false],
    ["127.0.0.1.example.com", false],
    ["::ffff:10.0.0.7", false],
  ])("takes %s for this machine alone: %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })
})
