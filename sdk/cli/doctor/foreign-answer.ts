/** What it means that something else than Stratalog answered: a front door of AWS, a proxy, a web page. Pure. */
import type { Identity } from "../auth/decide-target.ts"
import { objectOf } from "./own-answer.ts"
import type { Answer } from "./probe.ts"

export interface Foreign {
  /** What was seen, behind "<url> ". */
  readonly what: string
  /** What to do. */
  readonly advice: string
}

const BASE_URL =
  "Use the URL that the deployment told (`cdk deploy` and `npm run localstack:deploy` print it), with its stage and without a path behind it."
const ALLOWED =
  "Allow it to who asks: `execute-api:Invoke` on the API, or for a function URL `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction` (docs/deploy.md)."
const SIGN =
  "Sign the requests: `--auth iam`, with credentials in the environment (docs/deploy.md says who is allowed)."
const LOGS = "Look at the function's log in CloudWatch (/aws/lambda/...): it fails before it can answer."

/** `problem`: the code of one of Stratalog's own errors, where the answer is one. */
export function foreignAnswer(answer: Answer, identity: Identity, problem: string | undefined): Foreign {
  const { status, body } = answer
  if (problem !== undefined) return ownProblem(status, problem)
  if (status === 401 || status === 403) return refused(answer, identity)
  if (/^text\/html/i.test(answer.contentType) || /^\s*<(!doctype|html)/i.test(body)) {
    return {
      what: `answers ${status} with a web page, and not as a Stratalog server does.`,
      advice:
        "Is it the base URL of the server, without a path behind it, and not that of a site or of a proxy's login?",
    }
  }
  if (status === 429)
    return {
      what: "answers 429: too many requests.",
      advice: "Wait, or raise the throttling of the front door, or the function's concurrency.",
    }
  if (status === 404)
    return { what: `answers 404${told(body)}: there is a front door, but nothing behind this path.`, advice: BASE_URL }
  if (status === 503 || status === 504) {
    return {
      what: `answers ${status}${told(body)}: what is behind the front door did not answer in time, or cannot run.`,
      advice:
        "Try it again: a cold start may take long. Then look at the function's throttles, time-outs and log in CloudWatch.",
    }
  }
  if (status >= 500)
    return { what: `answers ${status}${told(body)}: what is behind the front door failed.`, advice: LOGS }
  return { what: `answers ${status}, and not as a Stratalog server does.`, advice: BASE_URL }
}

/** It is Stratalog that answers, but not to this question. */
function ownProblem(status: number, code: string): Foreign {
  if (code === "route_not_found") {
    return {
      what: "is below the base URL of a Stratalog server: it knows no such path.",
      advice: "Leave the path out of the URL, up to the host or the stage.",
    }
  }
  return { what: `answers ${status} (${code}).`, advice: "Look at the server's log." }
}

function refused({ status, body, errorType }: Answer, identity: Identity): Foreign {
  const what = `answers ${status}${told(body)}: who is in front of it wants to know who asks.`
  if (/not authorized to perform|explicit deny/i.test(body)) {
    return { what: `answers ${status}${told(body)}: it knows who asks, and does not allow it.`, advice: ALLOWED }
  }
  if (/expired|is now earlier than|is still later than|not yet current/i.test(body)) {
    const clocks =
      "Get new credentials where they are of a session, and set this machine's clock by NTP: AWS takes five minutes."
    return { what, advice: clocks }
  }
  if (/signature|canonical/i.test(body) || errorType === "InvalidSignatureException") {
    const scope =
      "Is AWS_REGION the deployment's, and AWS_SECRET_ACCESS_KEY that of AWS_ACCESS_KEY_ID? A proxy that changes host or path breaks signatures, too."
    return { what, advice: scope }
  }
  if (/security token|access key/i.test(body) || /UnrecognizedClient|InvalidAccessKey/.test(errorType ?? "")) {
    return {
      what,
      advice:
        "AWS does not know these credentials: are they of another account, deleted, or without their AWS_SESSION_TOKEN?",
    }
  }
  if (identity.kind === "none")
    return { what, advice: `${SIGN} Of a REST API it may also be a path or stage that is not there.` }
  return { what, advice: `${ALLOWED} Of a REST API it may also be a path or stage that is not there.` }
}

/** The front door's own words. */
function told(body: string): string {
  const { message, Message } = objectOf(body) ?? {}
  const words = message ?? Message
  return typeof words === "string" && words !== "" ? ` (${words.slice(0, 200)})` : ""
}
