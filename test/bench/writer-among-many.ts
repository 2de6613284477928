/** A principal that may write one topic, where there are as many access control lists as there can be. */
import { createdKey, MAX_ACLS } from "stratalog/protocol"
import type { BenchServer } from "./processes.ts"

/** Makes the topic, and answers the principal's key. */
export async function writerAmongMany({ port }: BenchServer, superKey: string, topic: string): Promise<string> {
  const headers = { authorization: `Bearer ${superKey}`, "content-type": "application/json" }
  const call = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  await call("PUT", `/v1/topics/${topic}`, {})
  const write = { operation: "write", resourceType: "topic" } as const
  const others = Array.from({ length: MAX_ACLS - 1 }, (_, n) => {
    return { ...write, principal: `User:u${n}`, resourceName: `t${n}` }
  })
  await call("POST", "/v1/acls", { acls: [...others, { ...write, principal: "User:bench", resourceName: topic }] })
  return createdKey.parse(await call("POST", "/v1/keys", { principal: "User:bench" })).key
}
