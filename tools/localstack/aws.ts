/**
 * What a LocalStack is asked as AWS would be, beyond what its deployments need. It wants to know which service is meant and
 * does not look at the signature, so that no client for each service is needed.
 */

import { setTimeout as delay } from "node:timers/promises"

/** Each rejects where the answer is an error. */
export interface LocalAws {
  readonly endpoint: string
  /** Services that speak JSON: `DynamoDB_20120810.ListTables`. */
  json(service: string, target: string, input?: object): Promise<unknown>
  /** Services that take forms and answer XML. */
  form(service: string, input: Readonly<Record<string, string>>): Promise<string>
  /** Services with a path for each thing; `input` is JSON. Lambda tells what came of an invocation in a header. */
  at(service: string, method: string, path: string, input?: object): Promise<Response>
}

/**
 * LocalStack reads its own lists while somebody else changes them, and then fails (`dictionary changed size during iteration`).
 * What only looks is asked again, as AWS's own clients do.
 */
const TRIES = 5
const BETWEEN_TRIES_MS = 100
const ONLY_LOOKS = /^(Describe|Filter|Get|List)/

export function localAws(endpoint: string): LocalAws {
  const ask = async (service: string, path: string, init: RequestInit): Promise<Response> => {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`
    const response = await fetch(`${endpoint}${path}`, { ...init, headers: { ...init.headers, authorization } })
    if (response.ok) return response
    throw new Error(`${service} answered ${response.status}: ${(await response.text()).slice(0, 500)}`)
  }
  const call = async (operation: string, service: string, init: RequestInit): Promise<Response> => {
    for (let tries = 1; ; tries++) {
      try {
        return await ask(service, "/", { method: "POST", ...init })
      } catch (error) {
        const passes = ONLY_LOOKS.test(operation) && String(error).includes("InternalError")
        if (!passes || tries === TRIES) throw error
        await delay(BETWEEN_TRIES_MS)
      }
    }
  }
  return {
    endpoint,
    json: async (service, target, input = {}) => {
      const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target }
      const [, operation = ""] = target.split(".")
      return (await call(operation, service, { headers, body: JSON.stringify(input) })).json()
    },
    form: async (service, input) => {
      return (await call(input["Action"] ?? "", service, { body: new URLSearchParams(input) })).text()
    },
    at: (service, method, path, input) => {
      const headers = { "content-type": "application/json" }
      return ask(service, path, { method, ...(input && { headers, body: JSON.stringify(input) }) })
    },
  }
}

/** The texts of all elements of this name. */
export function elementsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].flatMap((match) => match[1] ?? [])
}

/** What lies at a key of something that was JSON, as a list. */
export function listAt(json: unknown, key: string): readonly unknown[] {
  const found = valueAt(json, key)
  return Array.isArray(found) ? found : []
}

export function valueAt(json: unknown, key: string): unknown {
  return typeof json === "object" && json !== null
    ? Object.entries(json).find(([name]) => name === key)?.[1]
    : undefined
}
