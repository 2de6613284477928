import type { Unavailable } from "../../log/ports.ts"
import type { AclBinding } from "../acl.ts"
import { inOrder } from "../list-acls/list-acls.ts"
import type { BindingStore } from "../ports.ts"

export type AddAclsOutcome =
  | { readonly kind: "added"; readonly bindings: readonly AclBinding[] }
  /** Nothing was added: there would be too many. */
  | { readonly kind: "full" }
  | Unavailable

/** Answers all that was asked for, each once. */
export async function addAcls(
  store: Pick<BindingStore, "addBindings">,
  wanted: readonly AclBinding[],
): Promise<AddAclsOutcome> {
  const bindings = inOrder(wanted)
  const outcome = await store.addBindings(bindings)
  return outcome.kind === "added" ? { kind: "added", bindings } : outcome
}
