import type { Unavailable } from "../../log/ports.ts"
import type { AclBinding } from "../acl.ts"
import { bindingText } from "../binding-text.ts"
import { inOrder } from "../list-acls/list-acls.ts"
import { type BindingFilter, matches } from "../list-acls/matches.ts"
import type { BindingStore } from "../ports.ts"

export type RemoveAclsOutcome = { readonly kind: "removed"; readonly bindings: readonly AclBinding[] } | Unavailable

/** Answers those that were there. */
export async function removeAcls(
  store: Pick<BindingStore, "bindings" | "removeBindings">,
  which: readonly AclBinding[] | BindingFilter,
): Promise<RemoveAclsOutcome> {
  const all = await store.bindings()
  if (all.kind === "unavailable") return all
  const bindings = inOrder(all.bindings.filter(isMeant(which)))
  if (bindings.length === 0) return { kind: "removed", bindings }
  const outcome = await store.removeBindings(bindings)
  return outcome.kind === "unavailable" ? outcome : { kind: "removed", bindings }
}

function isMeant(which: readonly AclBinding[] | BindingFilter): (binding: AclBinding) => boolean {
  if (!isList(which)) return (binding) => matches(binding, which)
  const texts = new Set(which.map(bindingText))
  return (binding) => texts.has(bindingText(binding))
}

function isList(which: readonly AclBinding[] | BindingFilter): which is readonly AclBinding[] {
  return Array.isArray(which)
}
