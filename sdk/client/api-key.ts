/** The API key that a client shows with each request. It stands in no error, and in nothing that can be printed of a client. */
import { credentialsUnavailable, invalidArgument, messageOf, StratalogError } from "./errors.ts"

/** Why a key is asked for. */
export interface KeyWanted {
  /** The server did not take the one before (401): one that was kept should be looked up anew. */
  readonly refused: boolean
}

/** A key, or a function that is asked before each request, so that a key can be changed while the client runs. */
export type ApiKeySource = string | ((wanted: KeyWanted) => string | Promise<string>)

/** What `Authorization` is for this key, without blanks around it; refuses what cannot stand in a header. */
export function bearer(key: unknown): string {
  const text = typeof key === "string" ? key.trim() : ""
  if (text === "") throw invalidArgument("The API key is empty: leave it out, or give one.")
  // The platform's own error would show it.
  if (!/^[\x21-\x7e]+$/.test(text))
    throw invalidArgument("The API key is none: it has blanks, line ends or other characters that no key has.")
  return `Bearer ${text}`
}

export function refuseTwoAuthorizations(headers: Readonly<Record<string, string>>): void {
  if (!Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) return
  throw invalidArgument("`apiKey` and an Authorization header among `headers` are one too many: leave one out.")
}

export async function authorizationOf(source: ApiKeySource, wanted: KeyWanted, signal: AbortSignal): Promise<string> {
  if (typeof source === "string") return bearer(source)
  let key: string
  try {
    const given = async () => source(wanted)
    key = await beforeAbort(given(), signal)
  } catch (cause) {
    if (cause instanceof StratalogError) throw cause
    throw unavailable(messageOf(cause), cause)
  }
  return bearer(key)
}

function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(unavailable("it was not given within the time limit of a request"))
    signal.addEventListener("abort", late, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", late))
  })
}

function unavailable(reason: string, cause?: unknown): StratalogError {
  return credentialsUnavailable("there is no API key to send with it", reason, cause)
}
