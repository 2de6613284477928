/** Who is meant: by an API key, by an access control list. */
import * as z from "zod/mini"
import { described } from "./documented.ts"

/** An access control list of the longest names fits a sort key of DynamoDB. */
const MAX_PRINCIPAL = 240

export const USER_RULE = "User: and 1 to 200 of the characters a-z, A-Z, 0-9, '.', '_', '-', '@', '+', '=', '/' and ':'"

const USER = /^User:[a-zA-Z0-9._@+=/:-]{1,200}$/
/** Of a user or a role: what AWS allows in their names and paths, but for `*`, which would stand for nothing here. */
const IAM = /^IAM:arn:[a-zA-Z0-9._@+=,/:-]{1,232}$/

export const userPrincipal = described(
  z.string().check(z.maxLength(MAX_PRINCIPAL), z.regex(USER, `must be ${USER_RULE}`)),
  `Who: ${USER_RULE}`,
)

/** Everybody, in access control lists. */
export const EVERYBODY = "User:*"

export const isPrincipal = (text: string) => USER.test(text) || IAM.test(text)

export const principal = described(
  z.string().check(
    z.maxLength(MAX_PRINCIPAL),
    z.refine(
      (text) => text === EVERYBODY || isPrincipal(text),
      `must be ${USER_RULE}, IAM: with the ARN of a role or user, or ${EVERYBODY} for everybody`,
    ),
  ),
  `Who: \`User:name\`, \`IAM:arn:aws:iam::123456789012:role/name\`, or \`${EVERYBODY}\` for everybody`,
)
