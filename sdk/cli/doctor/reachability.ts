/** Whether a Stratalog server answers at the URL, and which. */
import { packageVersion } from "../version.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import type { Probe } from "./probe.ts"

const CHECK = "reach"

const NOBODY_THERE = "Start a server there (`strata serve`, in the repository `npm start`), or name another: --url."
const ON_THE_WAY = "Look at firewalls, security groups and proxies between here and there."

/** By the platform's code of a failed connection. */
const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: NOBODY_THERE,
  ECONNRESET: "Something closed the connection: is it https where http was asked, or the other way round?",
  ENOTFOUND: "Check the name in the URL, and the resolver of this machine.",
  EAI_AGAIN: "The resolver of this machine does not answer: check its network.",
  timeout: ON_THE_WAY,
  UND_ERR_CONNECT_TIMEOUT: ON_THE_WAY,
  EHOSTUNREACH: ON_THE_WAY,
  ENETUNREACH: ON_THE_WAY,
}

export function reachFinding(url: string, live: Probe): Finding {
  if (live.kind === "failed") return fail(CHECK, `${url} cannot be reached: ${live.reason}.`, adviceOn(live.code))
  const { status, body, elapsedMs } = live
  if (status === 401 || status === 403) {
    const what = `${url} answers ${status}: who is in front of it wants to know who asks.`
    return fail(
      CHECK,
      what,
      "In AWS requests have to be signed: `--auth iam` (docs/deploy.md says who is allowed); a proxy may want a header.",
    )
  }
  const version = versionOf(body)
  if (status !== 200 || version === undefined) {
    const what = `${url} answers ${status}, and not as a Stratalog server does.`
    return fail(CHECK, what, "Is it the base URL of the server, without a path behind it?")
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

function adviceOn(code: string): string {
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) {
    return "The certificate is not trusted here: NODE_EXTRA_CA_CERTS names a file with those of your own authority."
  }
  return advice[code] ?? NOBODY_THERE
}

function versionOf(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== "object" || parsed === null || !("version" in parsed) || !("status" in parsed))
      return undefined
    return String(parsed.version)
  } catch {
    return undefined
  }
}
