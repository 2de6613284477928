/** What a conformance case works with: calls by route id that check the contract, and names nobody else uses. */
import assert from "node:assert/strict"
import type { IncomingMessage } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import {
  type CreateTopicBody,
  type ErrorCode,
  groupDescription,
  type Limits,
  type Problem,
  type Route,
  type RouteId,
  routes,
} from "stratalog/protocol"
import type * as z from "zod/mini"
import type { Deployment } from "./case.ts"
import { assertContract, assertProblem, describeAnswer, jsonOf } from "./contract.ts"
import type { Answer, HttpClient, RawRequest } from "./http.ts"

type RouteOf<R extends RouteId> = (typeof routes)[R]
type StatusOf<R extends RouteId> = keyof RouteOf<R>["responses"] & number
type BodyOf<R extends RouteId, S extends StatusOf<R>> = RouteOf<R>["responses"][S] extends {
  readonly json: infer J extends z.ZodMiniType
}
  ? z.infer<J>
  : undefined

export interface CallRequest {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly raw?: Uint8Array | string
  /** The media type of `raw`; default application/json. */
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What all cases of a run share. */
export interface Target extends Deployment {
  readonly client: HttpClient
  /** Starts every name of this run. */
  readonly runId: string
}

export class CaseContext {
  readonly limits: Limits
  /** The routes that were called and the codes that were answered: a case must have done what it says it covers. */
  readonly calledRoutes = new Set<RouteId>()
  readonly seenErrors = new Set<ErrorCode>()
  readonly #target: Target
  readonly #prefix: string
  readonly #topics: string[] = []
  readonly #groups: string[] = []
  #names = 0

  constructor(target: Target, caseNumber: number) {
    this.#target = target
    this.limits = target.limits
    this.#prefix = `${target.runId}-${caseNumber}`
  }

  /** A name that nobody else uses. */
  newName(what = "n"): string {
    return `${this.#prefix}-${what}${++this.#names}`
  }

  /** A new topic that goes when the case is over. */
  async newTopic(partitions = 1, config?: CreateTopicBody["config"]): Promise<string> {
    const topic = this.topicName()
    await this.call("createTopic", 201, { params: { topic }, body: { partitions, ...(config && { config }) } })
    return topic
  }

  /** The name of a topic that the case makes itself and that goes when it is over. */
  topicName(what = "t"): string {
    const name = this.newName(what)
    this.#topics.push(name)
    return name
  }

  groupName(): string {
    const name = this.newName("g")
    this.#groups.push(name)
    return name
  }

  raw(request: RawRequest): Promise<Answer> {
    return this.#target.client.send(request)
  }

  /** A connection whose answer does not end by itself. */
  open(id: RouteId, request: CallRequest): Promise<IncomingMessage> {
    this.calledRoutes.add(id)
    return this.#target.client.open(this.requestFor(id, request))
  }

  requestFor(id: RouteId, request: CallRequest): RawRequest {
    const route: Route = routes[id]
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      return encodeURIComponent(String(request.params?.[name] ?? assert.fail(`${id} needs ${name}`)))
    })
    const query = new URLSearchParams(Object.entries(request.query ?? {}).map(([name, value]) => [name, `${value}`]))
    const body = request.raw ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
    return {
      method: route.method,
      path: query.size === 0 ? path : `${path}?${query}`,
      headers: {
        ...(body !== undefined && { "content-type": request.type ?? "application/json" }),
        ...request.headers,
      },
      ...(body !== undefined && { body }),
    }
  }

  /** Ends when a change of a topic that was answered is known to every process of the service. */
  async configArrives(): Promise<void> {
    if (this.limits.configDelayMs > 0) await delay(this.limits.configDelayMs)
  }

  /** The same of keys and access control lists. */
  async accessArrives(): Promise<void> {
    if (this.limits.accessDelayMs > 0) await delay(this.limits.accessDelayMs)
  }

  /** Any answer that the route's description allows. */
  async send(id: RouteId, request: CallRequest = {}): Promise<Answer> {
    this.calledRoutes.add(id)
    const answer = await this.#target.client.send(this.requestFor(id, request))
    assertContract(id, answer)
    return answer
  }

  /** The body of a success with exactly this status. */
  async call<R extends RouteId, S extends StatusOf<R>>(
    id: R,
    status: S,
    request: CallRequest = {},
  ): Promise<BodyOf<R, S>> {
    const answer = await this.send(id, request)
    assert.equal(answer.status, status, describeAnswer(answer))
    return (answer.bytes.length === 0 ? undefined : jsonOf(answer)) as BodyOf<R, S>
  }

  /** The problem that the call was refused with. */
  async refused(id: RouteId, code: ErrorCode | readonly ErrorCode[], request: CallRequest = {}): Promise<Problem> {
    return this.problem(await this.send(id, request), code)
  }

  /** The answer is a problem of this code, or of one of these where the contract leaves the choice. */
  problem(answer: Answer, code: ErrorCode | readonly ErrorCode[]): Problem {
    const codes = typeof code === "string" ? [code] : code
    const body = assertProblem(answer)
    assert.ok(codes.includes(body.code), `expected ${codes.join(" or ")}: ${describeAnswer(answer)}`)
    this.seenErrors.add(body.code)
    return body
  }

  /** Removes what the case made. */
  async cleanUp(): Promise<void> {
    for (const topic of this.#topics) await this.#delete(`/v1/topics/${topic}`)
    for (const group of this.#groups) {
      await this.#leave(group)
      await this.#delete(`/v1/groups/${group}`)
    }
  }

  /** Members that the case left behind. */
  async #leave(group: string): Promise<void> {
    const answer = await this.#target.client.send({ method: "GET", path: `/v1/groups/${group}` })
    const described = groupDescription.safeParse(answer.status === 200 ? jsonOf(answer) : undefined)
    for (const { memberId } of described.data?.members ?? [])
      await this.#delete(`/v1/groups/${group}/members/${memberId}`)
  }

  async #delete(path: string): Promise<void> {
    const answer = await this.#target.client.send({ method: "DELETE", path })
    assert.ok(answer.status === 204 || answer.status === 404, describeAnswer(answer))
  }
}
