/** Whether the server wants to know who asks, whom it takes this command for, and for how long yet. */
import { StratalogError } from "../../client/errors.ts"
import type { Whoami } from "../../protocol/schemas/access.ts"
import { answered } from "../answered.ts"
import { isLoopback } from "../loopback.ts"
import type { Session } from "../session.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { probe } from "./probe.ts"

const CHECK = "access"
const DAY_MS = 86_400_000
/** A key that ends within this should have a successor. */
const SOON_MS = 14 * DAY_MS

/** Undefined where there is nothing to say: on this machine nobody has to be asked. */
export async function accessFinding(session: Session): Promise<Finding | undefined> {
  const who = await answered(session.connect().whoami({ signal: session.stop }))
  if (!(who instanceof StratalogError)) {
    return who.access === "off" ? openFinding(session) : callerFinding(session, who)
  }
  if (who.code === "unauthenticated") return notTaken(session, who)
  // A server that is older than the question; anything else is told by other checks.
  return openFinding(session)
}

function notTaken({ identity }: Session, { detail }: StratalogError): Finding {
  if (identity.kind === "key" && !identity.apiKey.startsWith("stk_") && identity.apiKey.split(".").length === 3) {
    return fail(CHECK, `The token is not taken: ${detail}`, "Get a new token from its issuer.")
  }
  if (identity.kind === "key") {
    const other = "Use another key: `strata key create` makes one, for whoever may administrate the server."
    return fail(CHECK, `The key is not taken: ${detail}`, other)
  }
  return fail(CHECK, "It wants an API key.", "Show one: `--profile`, STRATALOG_API_KEY or `--api-key`.")
}

function callerFinding({ io, show }: Session, { principal, superUser, access, key }: Whoami): Finding {
  const who = `It takes this command for ${principal}${superUser ? ", a super-user" : ""}`
  if (key === null) return ok(CHECK, `${who}, by its ${access === "token" ? "token" : "signature"}.`)
  if (key.expiresAt === null) return ok(CHECK, `${who}, by key ${key.id}, which does not expire.`)
  const left = key.expiresAt - io.now()
  const detail = `${who}, by key ${key.id}, which expires ${show.time(key.expiresAt)}, in ${daysText(left)}.`
  if (left > SOON_MS) return ok(CHECK, detail)
  return warn(CHECK, detail, `Change it in time: strata key create --principal ${principal}`)
}

function daysText(ms: number): string {
  const days = Math.floor(ms / DAY_MS)
  if (days < 1) return "less than a day"
  return days === 1 ? "a day" : `${days} days`
}

/** The server asks nobody; something in front of it may. So it is asked once more, without saying who. */
async function openFinding(session: Session): Promise<Finding | undefined> {
  const { identity, url } = session
  if (isLoopback(new URL(url).hostname) && identity.kind !== "iam") return unusedKey(session)
  const anybody = await probe(session, "/v1/whoami", { fetch: (asked, init) => fetch(asked, init) })
  if (anybody.kind === "failed") return undefined
  if (anybody.status === 401 || anybody.status === 403) {
    return ok(CHECK, "It wants to know who asks, and lets this command in.")
  }
  return warn(
    CHECK,
    "It answers without asking who asks: whoever reaches it may read and write everything.",
    "Have it ask (`--auth required`, in AWS `-c auth=iam` or `-c auth=key`), or let only those reach it who may.",
  )
}

function unusedKey({ identity }: Session): Finding | undefined {
  if (identity.kind !== "key") return undefined
  return ok(CHECK, "It asks nobody who they are: the key is not looked at.")
}
