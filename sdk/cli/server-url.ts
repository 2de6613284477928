import { usageFailure } from "./failure.ts"

export const DEFAULT_URL = "http://127.0.0.1:8080"

/** The text, where it is the URL of a server. */
export function serverUrl(text: string): string {
  if (isServerUrl(text)) return text
  // Not told: there may be a password in it.
  if (hasUser(text))
    throw usageFailure(
      "The URL of the server has a user in it: leave that out. A key is given by --api-key or a profile.",
    )
  throw usageFailure(
    `The URL of the server is not right: "${text}". It looks like ${DEFAULT_URL} or https://log.example.com.`,
  )
}

export function isServerUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !hasUser(text)
}

function hasUser(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username !== "" || password !== ""
}
