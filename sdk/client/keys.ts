/** API keys: who may show one. For callers that may administrate the service. */
import type { AccessKey, CreatedKey, CreateKeyBody, KeyList } from "../protocol/schemas/access.ts"
import { pathOf } from "./http-request.ts"
import type { CallOptions } from "./topics.ts"
import type { Transport } from "./transport.ts"

export type { AccessKey, CreatedKey }

export interface NewKey extends Omit<CreateKeyBody, "expiresIn"> {
  /** How long it is taken: milliseconds, or such as `90d`. Default: for ever. */
  readonly expiresIn?: number | string | undefined
}

export class Keys {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Makes a key; `key` of the answer is shown this once. Where the answer is lost it rejects with an OutcomeUnknownError:
   * there may be a key then that nobody knows, and that can be revoked.
   */
  async create(key: NewKey, { signal }: CallOptions = {}): Promise<CreatedKey> {
    return this.#transport.json({ method: "POST", path: "/v1/keys", json: key, answers: "key", signal })
  }

  /** All keys, or those of a principal, fetched a page at a time. No secrets. */
  async *list(options: CallOptions & { readonly principal?: string | undefined } = {}): AsyncGenerator<AccessKey> {
    const { principal, signal } = options
    for await (const { keys } of this.#transport.pages<KeyList>("/v1/keys", "keys", { principal }, signal)) yield* keys
  }

  /** By its id. Rejects with `key_not_found`, and with `last_super_key` for the last one of a super-user. */
  async revoke(id: string, { signal }: CallOptions = {}): Promise<void> {
    const request = { method: "DELETE", path: pathOf("v1", "keys", id), repeatable: true, signal } as const
    await this.#transport.send(request, ({ error, afterUnknown }) =>
      // The attempt whose answer was lost revoked it.
      afterUnknown && error.code === "key_not_found" ? true : undefined,
    )
  }
}
