import { usageFailure } from "./failure.ts"

export const DEFAULT_URL = "http://127.0.0.1:8080"

/** The text, where it is the URL of a server. */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  // Not told: there may be a password in it.
  if (url !== null && (url.username !== "" || url.password !== ""))
    throw usageFailure(
      "The URL of the server has a user in it: leave that out. A key is given by --api-key or a profile.",
    )
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return text
  throw usageFailure(
    `The URL of the server is not right: "${text}". It looks like ${DEFAULT_URL} or https://log.example.com.`,
  )
}
