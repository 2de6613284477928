import { usageFailure } from "./failure.ts"

export const DEFAULT_URL = "http://127.0.0.1:8080"

/** The text, where it is the URL of a server. */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return text
  throw usageFailure(
    `The URL of the server is not right: "${text}". It looks like ${DEFAULT_URL} or https://log.example.com.`,
  )
}
