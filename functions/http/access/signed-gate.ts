/** Lets in whoever signed a request (SigV4), where something in front of the API has checked the signature. */
import { callerOf } from "../../access/caller.ts"
import type { BindingStore } from "../../access/ports.ts"
import { StorageUnavailable } from "../../log/ports.ts"
import { type ApiRequest, Refusal } from "../exchange.ts"
import type { Gate } from "./gate.ts"

export interface SignedGateDeps {
  /** The principal that signed; undefined: nobody did. */
  readonly signerOf: (request: ApiRequest) => string | undefined
  /** `super`: whoever signed may do everything; `acl`: what the lists allow. */
  readonly principals: "super" | "acl"
  readonly superUsers: ReadonlySet<string>
  readonly bindings: Pick<BindingStore, "bindings">
  /** For requests that nobody signed. */
  readonly otherwise: Gate
}

export function signedGate({ signerOf, principals, superUsers, bindings, otherwise }: SignedGateDeps): Gate {
  return async (request) => {
    const name = signerOf(request)
    if (name === undefined) return otherwise(request)
    if (principals === "super" || superUsers.has(name)) return callerOf({ name, superUser: true }, [], BY_SIGNATURE)
    const listed = await bindings.bindings()
    if (listed.kind === "unavailable") throw new StorageUnavailable(listed)
    return callerOf({ name, superUser: false }, listed.bindings, BY_SIGNATURE)
  }
}

const BY_SIGNATURE = { kind: "iam" } as const

/** Where everybody has to sign. What is in front lets nobody through without: this is for the day when it does. */
export const unsigned: Gate = () => {
  throw new Refusal("unauthenticated", "The request is not signed: sign it for AWS (SigV4).", {}, CHALLENGE)
}

const CHALLENGE = { "www-authenticate": "AWS4-HMAC-SHA256" }
