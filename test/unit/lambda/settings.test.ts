import { expect, it } from "vitest"
import { accessChoice, nudgesTopicArn, recordsOptions, upkeepSettings } from "../../../functions/lambda/settings.ts"

const needed = { STRATALOG_TABLE: "table", STRATALOG_BUCKET: "bucket", STRATALOG_VERSION: "1.2.3" }

it("upkeep is nudged, and tiers, as by default where nothing else is said", () => {
  expect(recordsOptions({ ...needed, STRATALOG_NUDGE_BYTES: "" }).settings).toEqual({ rollInBackground: false })
  expect(upkeepSettings({})).toEqual({})
  expect(nudgesTopicArn({ STRATALOG_NUDGES_TOPIC: "" })).toBeUndefined()
})

it("upkeep is nudged, and tiers, as the environment says", () => {
  const { settings } = recordsOptions({ ...needed, STRATALOG_NUDGE_BYTES: "50000" })
  expect(settings).toEqual({ rollInBackground: false, nudgeBytes: 50_000 })
  expect(upkeepSettings({ STRATALOG_MIN_TIER_AGE_MS: "0" })).toEqual({ minTierAgeMs: 0 })
})

it.each(["0", "-1", "1.5", "many", "1e400", "0x", " "])(
  "a function does not come up with %j bytes to a nudge",
  (text) => {
    expect(() => recordsOptions({ ...needed, STRATALOG_NUDGE_BYTES: text })).toThrow(
      `The environment variable STRATALOG_NUDGE_BYTES is ${text}`,
    )
  },
)

it("nor with an age that is none", () => {
  expect(() => upkeepSettings({ STRATALOG_MIN_TIER_AGE_MS: "15m" })).toThrow("STRATALOG_MIN_TIER_AGE_MS is 15m")
})

it("a function knows whom to let in, and does not come up where it was not told", () => {
  expect(accessChoice({ STRATALOG_AUTH: "iam" })).toEqual({
    auth: "iam",
    iamPrincipals: "super",
    superUsers: new Set(),
  })
  const told = {
    STRATALOG_AUTH: "both",
    STRATALOG_IAM_PRINCIPALS: "acl",
    STRATALOG_SUPER_USERS: "User:a,IAM:arn:aws:x",
  }
  const superUsers = new Set(["User:a", "IAM:arn:aws:x"])
  expect(accessChoice(told)).toEqual({ auth: "both", iamPrincipals: "acl", superUsers })
  for (const wrong of [undefined, "", "None", "off", "required"]) {
    expect(() => accessChoice({ STRATALOG_AUTH: wrong }), String(wrong)).toThrow("STRATALOG_AUTH")
  }
  expect(() => accessChoice({ STRATALOG_AUTH: "iam", STRATALOG_IAM_PRINCIPALS: "all" })).toThrow("IAM_PRINCIPALS")
})
