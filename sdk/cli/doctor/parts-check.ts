/** A deployment in AWS has a function for each concern: each of them is asked for something that changes nothing. */

import { connectionAdvice } from "../connection-advice.ts"
import type { Session } from "../session.ts"
import { type Finding, fail, ok } from "./finding.ts"
import { foreignAnswer } from "./foreign-answer.ts"
import { codeOf } from "./own-answer.ts"
import { type Probe, probe } from "./probe.ts"

interface Part {
  readonly name: string
  readonly path: string
  /** Refused for what is missing in it, by the part itself. */
  readonly json?: unknown
}

const PARTS: readonly Part[] = [
  { name: "produce", path: "/v1/produce", json: {} },
  { name: "fetch", path: "/v1/fetch", json: {} },
  { name: "poll", path: "/v1/groups/strata-doctor/offsets" },
]

const CHECK = "parts"

/** The rest of the checks goes by the part for everything else. */
export async function partsFinding(session: Session): Promise<Finding> {
  for (const { name, path, json } of PARTS) {
    const answer = await probe(session, path, json === undefined ? {} : { json })
    const wrong = wrongOf(session, answer)
    if (wrong !== undefined) return fail(CHECK, `What is to ${name} ${wrong.what}`, wrong.advice)
  }
  return ok(CHECK, `Producing, fetching and polling are answered.`)
}

function wrongOf({ url, identity }: Session, answer: Probe) {
  if (answer.kind === "failed") {
    return { what: `cannot be reached: ${answer.reason}.`, advice: connectionAdvice(url, answer.code) }
  }
  const code = codeOf(answer.body)
  if (answer.status === 200) return undefined
  if (code !== undefined && code !== "route_not_found" && answer.status < 500) return undefined
  return foreignAnswer(answer, identity, code)
}
