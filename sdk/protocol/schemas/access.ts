/** API keys, and who somebody is. */
import * as z from "zod/mini"
import { described } from "./documented.ts"
import { duration, nextCursor, pageQuery, timestamp } from "./fields.ts"
import { principal, userPrincipal } from "./principals.ts"

const YEAR = 365 * 24 * 3_600_000
/** The last moment that a date can have (ECMA-262). */
const LAST_MOMENT = 8.64e15

/** As any language's expressions know them: fuzzers and generated clients read them from the API's document. */
const CONTROLS = String.raw`\u0000-\u001f\u007f-\u009f`
const NO_CONTROLS = new RegExp(`^[^${CONTROLS}]*$`)

const description = described(
  z.string().check(z.maxLength(256), z.regex(NO_CONTROLS, "must not have line breaks or other control characters")),
  "For people: what the key is for, who has it",
)

export const createKeyBody = z
  .strictObject({
    principal: userPrincipal,
    superUser: described(
      z.optional(z.boolean()),
      "Whether it may do everything, whatever the lists say; default false. Only super-users make such keys",
    ),
    description: z.optional(description),
    expiresIn: described(
      z.optional(duration.check(z.refine((ms) => ms >= 1 && ms <= 100 * YEAR, "must be from 1ms to 100 years"))),
      "How long it is taken, such as 90d",
    ),
    expiresAt: described(
      z.optional(timestamp.check(z.lte(LAST_MOMENT))),
      "From when on it is not taken any more, epoch milliseconds; neither of the two: never",
    ),
  })
  .check(
    z.refine((body) => body.expiresIn === undefined || body.expiresAt === undefined, {
      path: ["expiresAt"],
      message: "give expiresIn or expiresAt, not both",
    }),
  )

/** As `makeKey` of the server makes them. */
export const keyId = described(
  z.string().check(z.regex(/^[a-z2-7]{16}$/, "must be the id of a key: the 16 characters between stk_ and the next _")),
  "Tells which key it is, in lists and logs; no secret",
)

const expiresAt = described(z.nullable(timestamp), "From when on it is not taken any more; null: never")

const keyInfo = {
  id: keyId,
  principal,
  superUser: described(z.boolean(), "Whether it may do everything"),
  description,
  createdAt: timestamp,
  expiresAt,
}

export const accessKey = z.object(keyInfo)
export const createdKey = z.object({
  key: described(z.string(), "The key itself. It is shown this once: only its hash is kept"),
  ...keyInfo,
})

export const keyParams = z.strictObject({ key: keyId })
export const listKeysQuery = z.strictObject({
  ...pageQuery,
  principal: described(z.optional(userPrincipal), "Only the keys of this principal"),
})
export const keyList = z.object({ keys: z.array(accessKey), nextCursor })

export const whoami = z.object({
  principal: described(z.string(), "Who the request comes from"),
  superUser: keyInfo.superUser,
  access: described(
    z.enum(["off", "key", "token", "iam"]),
    "How that is known. off: nobody is asked, and everybody may do everything. key: by an API key. token: by a token of an identity provider. iam: by a signature (SigV4)",
  ),
  key: described(z.nullable(z.object({ id: keyId, expiresAt })), "The key that was sent; null: none was looked at"),
})

export type CreateKeyBody = z.infer<typeof createKeyBody>
export type CreatedKey = z.infer<typeof createdKey>
export type AccessKey = z.infer<typeof accessKey>
export type KeyList = z.infer<typeof keyList>
export type Whoami = z.infer<typeof whoami>
