/** What the management of keys and lists works with. */
import type { AccessControl } from "../access/control.ts"
import type { AccessStore } from "../access/ports.ts"
import { secretHash, unguessable } from "../codecs/key-secret.ts"
import type { AccessChoice } from "./gates.ts"

export const secrets = { unguessable, secretHash }

/** Nothing where no function looks into them: whatever lay there would come into force with another choice. */
export function accessControl(choice: AccessChoice, store: AccessStore): { readonly access?: AccessControl } {
  const { auth, iamPrincipals, superUsers } = choice
  if (auth === "none" || (auth === "iam" && iamPrincipals === "super")) return {}
  return { access: { store, secrets, superUsers, managedOtherwise: isManagedBySignature(choice) } }
}

function isManagedBySignature({ auth, iamPrincipals, superUsers }: AccessChoice): boolean {
  if (auth !== "iam" && auth !== "both") return false
  return iamPrincipals === "super" || [...superUsers].some((name) => name.startsWith("IAM:"))
}
