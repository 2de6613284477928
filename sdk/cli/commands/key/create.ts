import type { Command } from "commander"
import { OutcomeUnknownError, StratalogError } from "../../../client/errors.ts"
import type { CreatedKey } from "../../../client/keys.ts"
import { exitCodes } from "../../exit-codes.ts"
import { Failure } from "../../failure.ts"
import { type Expiry, expiry } from "../../parse/expiry.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly principal: string
  readonly super?: boolean
  readonly expires?: Expiry
  readonly description?: string
}

export function addCreateKey(parent: Command, shell: Shell): void {
  const command = parent
    .command("create")
    .description(
      "Make a key, and print it and nothing else on stdout: it is shown this once. A principal may have several, so that one " +
        "can be changed for another without a pause.",
    )
    .requiredOption("--principal <principal>", "whose key it is, such as User:alice")
    .option("--super", "it may do everything, whatever the access control lists say; only a super-user can make one")
    .option("--expires <when>", "until when it is taken, such as 90d or 2027-01-31 (default: for ever)", expiry)
    .option("--description <text>", "for people: what it is for, who has it")
    .action(async (options: Options, self: Command) => {
      const session = shell.session(self)
      const created = await create(session, options)
      await session.print(created, () => [created.key])
      session.notice(noteOf(session, created))
    })
  withExamples(command, {
    "strata key create --principal User:alice": "A key without an end",
    "KEY=$(strata key create --principal User:shop --expires 90d --description 'the shop')": "Into a variable",
    "strata key create --principal User:me | strata profile set mine --url https://log.example.com --api-key -":
      "Into a profile, seen by nobody",
    "strata key create --principal User:admin --super": "Another super-user",
  })
}

async function create(session: Session, options: Options): Promise<CreatedKey> {
  const { principal, expires, description } = options
  try {
    return await session.connect().keys.create(
      {
        principal,
        ...(options.super === true && { superUser: true }),
        ...expires,
        ...(description !== undefined && { description }),
      },
      { signal: session.stop },
    )
  } catch (error) {
    if (error instanceof OutcomeUnknownError) {
      session.notice(`There may be a key now that nobody knows: strata key list --principal ${principal}`)
    }
    throw expires !== undefined && refusesExpiry(error) ? pastExpiry(expires, error) : error
  }
}

function refusesExpiry(error: unknown): boolean {
  const errors: unknown = error instanceof StratalogError ? error.problem?.["errors"] : undefined
  return Array.isArray(errors) && errors.some((field: { readonly path?: unknown }) => field.path === "expiresAt")
}

/** The server's clock decides, and its words name the field of its API. */
function pastExpiry(expires: Expiry, cause: unknown): unknown {
  if (!("expiresAt" in expires)) return cause
  const detail = `--expires ${new Date(expires.expiresAt).toISOString()} is over: it must be in the future.`
  return new Failure(exitCodes.refused, { code: "invalid_request", detail }, { cause })
}

function noteOf({ show }: Session, { id, principal, superUser, expiresAt }: CreatedKey): string {
  const whose = `${principal}${superUser ? ", a super-user" : ""}`
  const until = expiresAt === null ? "taken until it is revoked" : `taken until ${show.time(expiresAt)}`
  return `Key ${id} of ${whose}: ${until}. It is not shown again.`
}
