/** What an answer says, where it is one of Stratalog's. Pure. */
import { isErrorCode } from "../../protocol/errors.ts"

/** The version in the answer of a health check. */
export function versionOf(body: string): string | undefined {
  const parsed = objectOf(body)
  return parsed === undefined || !("status" in parsed) || !("version" in parsed) ? undefined : String(parsed["version"])
}

/** The code of a problem. */
export function codeOf(body: string): string | undefined {
  const code = objectOf(body)?.["code"]
  return typeof code === "string" && isErrorCode(code) ? code : undefined
}

/** A body that is a JSON object. */
export function objectOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}
