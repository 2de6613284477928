/** Whether a Stratalog server answers at the URL, and which. */

import { connectionAdvice } from "../connection-advice.ts"
import type { Session } from "../session.ts"
import { packageVersion } from "../version.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { foreignAnswer } from "./foreign-answer.ts"
import { codeOf, versionOf } from "./own-answer.ts"
import type { Probe } from "./probe.ts"

const CHECK = "reach"

export function reachFinding({ url, identity }: Pick<Session, "url" | "identity">, live: Probe): Finding {
  if (live.kind === "failed") {
    return fail(CHECK, `${url} cannot be reached: ${live.reason}.`, connectionAdvice(url, live.code))
  }
  const { status, body, elapsedMs, redirectedTo } = live
  if (redirectedTo !== undefined) {
    const moved = `${url} sends elsewhere, to ${redirectedTo}, and clients do not follow: a write would become a read.`
    return fail(CHECK, moved, `Use that URL, where it is the server's and no login: --url ${redirectedTo}`)
  }
  const version = status === 200 ? versionOf(body) : undefined
  if (version === undefined) {
    const { what, advice } = foreignAnswer(live, identity, codeOf(body))
    return fail(CHECK, `${url} ${what}`, advice)
  }
  return ok(CHECK, `${url} answers, in ${elapsedMs.toFixed(1)} ms with the connection; version ${version}.`)
}

export function versionFinding(live: Probe): Finding {
  const version = live.kind === "answered" ? versionOf(live.body) : undefined
  const own = packageVersion()
  if (version === own) return ok("version", `Server and command are both ${own}.`)
  const newer = "Install the same version of both: npm install stratalog@<version of the server>."
  return warn("version", `The server is ${version}, this command ${own}.`, newer)
}
