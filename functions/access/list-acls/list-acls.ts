import type { AclBinding } from "../acl.ts"
import { bindingText } from "../binding-text.ts"
import type { BindingStore, BindingsOutcome } from "../ports.ts"
import { type BindingFilter, matches } from "./matches.ts"

/** In the order of their texts. */
export async function listAcls(
  { bindings }: Pick<BindingStore, "bindings">,
  filter: BindingFilter,
): Promise<BindingsOutcome> {
  const all = await bindings()
  if (all.kind === "unavailable") return all
  return { kind: "bindings", bindings: inOrder(all.bindings.filter((binding) => matches(binding, filter))) }
}

/** Each once. */
export function inOrder(bindings: readonly AclBinding[]): readonly AclBinding[] {
  const byText = new Map(bindings.map((binding) => [bindingText(binding), binding]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, binding]) => binding)
}
