/** Access control lists: who may do what to what. For callers that may administrate the service. */
import type { Acl, AclFilter, AclInput, AclList, RemovedAcls } from "../protocol/schemas/acls.ts"
import type { CallOptions } from "./topics.ts"
import type { Transport } from "./transport.ts"

export type { Acl, AclFilter, AclInput }

export class Acls {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** All of them, or those that the filter finds. */
  async list(filter: AclFilter = {}, { signal }: CallOptions = {}): Promise<Acl[]> {
    const query = { ...filter }
    return (await this.#transport.json<AclList>({ method: "GET", path: "/v1/acls", query, answers: "acls", signal }))
      .acls
  }

  /** All of them or none; one that is there already stays. Answers them whole. */
  async add(acls: readonly AclInput[], { signal }: CallOptions = {}): Promise<Acl[]> {
    const request = {
      method: "POST",
      path: "/v1/acls",
      json: { acls },
      answers: "acls",
      repeatable: true,
      signal,
    } as const
    return (await this.#transport.json<AclList>(request)).acls
  }

  /** Takes away these very ones, and answers those that were there. */
  async remove(acls: readonly AclInput[], { signal }: CallOptions = {}): Promise<Acl[]> {
    return this.#remove({ acls }, signal)
  }

  /** Takes away all that the filter finds, and answers them. */
  async removeMatching(filter: AclFilter, { signal }: CallOptions = {}): Promise<Acl[]> {
    return this.#remove({ filter }, signal)
  }

  /** Made again after a lost answer, it does not know those that the first attempt took away. */
  async #remove(json: object, signal: AbortSignal | undefined): Promise<Acl[]> {
    const request = {
      method: "POST",
      path: "/v1/acls:remove",
      json,
      answers: "removed",
      repeatable: true,
      signal,
    } as const
    return (await this.#transport.json<RemovedAcls>(request)).removed
  }
}
