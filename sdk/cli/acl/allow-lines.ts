/** What whoever administrates the server would say to allow what was refused. Pure. */
import type { DeniedPermission, NotAuthorizedError } from "../../client/errors.ts"
import { printable } from "../format/printable.ts"
import { kafkaWordOf } from "./words.ts"

/** More would hide what they are about. */
const MOST_LINES = 5

/** The command lines, one for each permission that is missing, below a sentence that says whose they are. */
export function allowAdvice({ principal, denied }: Pick<NotAuthorizedError, "principal" | "denied">): string {
  if (denied.length === 0) return "Ask whoever administrates the server."
  const lines = [...new Set(denied.map((each) => allowLine(principal, each)))]
  const more = lines.length > MOST_LINES ? [`  and ${lines.length - MOST_LINES} more`] : []
  return [LEAD, ...lines.slice(0, MOST_LINES).map((line) => `  ${line}`), ...more].join("\n")
}

/** As `allowAdvice`, of all that a producer of the topic takes: what was refused first may not be all. */
export function allowProducerAdvice(principal: string | undefined, topic: string): string {
  return `${LEAD}\n  ${allow(principal)} --producer --topic ${word(topic)}`
}

const LEAD = "Whoever administrates the server can allow it, where no list denies it:"

export function allowLine(principal: string | undefined, denied: DeniedPermission): string {
  const { operation, resourceType, resourceName, patternType } = denied
  const what = `--operation ${word(kafkaWordOf(operation))}`
  const prefixed = patternType === "prefixed" && resourceName !== "" ? " --resource-pattern-type prefixed" : ""
  // What every name begins with is said otherwise.
  const name = resourceName === "" ? "*" : resourceName
  const which = resourceType === "cluster" ? "--cluster" : `--${word(resourceType)} ${word(name)}`
  return `${allow(principal)} ${what} ${which}${prefixed}`
}

function allow(principal: string | undefined): string {
  return `strata acl add --allow-principal ${principal === undefined ? "<who>" : word(principal)}`
}

/** One word for a shell, whatever a server sent. */
function word(text: string): string {
  const shown = printable(text)
  return /^[\w.:@/+=,-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`
}
