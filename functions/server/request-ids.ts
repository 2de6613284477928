/** Ids for requests that bring none: unique over restarts, cheap, and in order within a process. */
import { randomBytes } from "node:crypto"

export function requestIds(): () => string {
  const process = randomBytes(6).toString("base64url")
  let count = 0
  return () => `${process}-${(count++).toString(36)}`
}
