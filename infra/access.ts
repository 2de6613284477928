/** Who may call, and what the functions are told of that. */
import { SettingError } from "./setting-error.ts"

export interface AccessSettings {
  /**
   * Who may call. `iam` (default): callers sign their requests (SigV4). `key`: callers send an API key, and the access control
   * lists say what its owner may do. `both`: a second address beside the one for signatures, `KeyUrl`, where callers send a key;
   * not for `function-url`. `none`: everybody who knows the address.
   */
  readonly auth?: "iam" | "key" | "both" | "none" | undefined
  /**
   * What callers who sign may do. `super` (default): whatever IAM lets through. `acl`: what the access control lists allow as
   * well, for principals such as `IAM:arn:aws:iam::123456789012:role/orders`.
   */
  readonly iamPrincipals?: "super" | "acl" | undefined
  /**
   * Principals that may do everything, whatever the lists say: such as `User:admin`, or `IAM:` with the ARN of a user or a role,
   * for a role without its path. Default: none; keys are made for super-users by their own mark.
   */
  readonly superUsers?: readonly string[] | undefined
}

/** Whether the first address takes signatures: API Gateway or Lambda checks them then, and lets nobody through without. */
export function isSigned({ auth = "iam" }: AccessSettings): boolean {
  return auth === "iam" || auth === "both"
}

/** Whether anybody needs a key. */
export function takesKeys({ auth = "iam" }: AccessSettings): boolean {
  return auth === "key" || auth === "both"
}

/** Whether functions look into the storage for who may do what. */
export function looksCallersUp(settings: AccessSettings): boolean {
  return takesKeys(settings) || (isSigned(settings) && settings.iamPrincipals === "acl")
}

/** What the functions that answer are told. */
export function accessVariables({ auth = "iam", iamPrincipals, superUsers = [] }: AccessSettings) {
  return {
    STRATALOG_AUTH: auth,
    ...(iamPrincipals !== undefined && { STRATALOG_IAM_PRINCIPALS: iamPrincipals }),
    ...(superUsers.length > 0 && { STRATALOG_SUPER_USERS: superUsers.join(",") }),
  }
}

/** Throws with a sentence for the person who wrote them where settings do not go together. */
export function checkAccess(settings: AccessSettings & { readonly frontDoor?: string | undefined }): void {
  const { auth = "iam", iamPrincipals, superUsers = [], frontDoor } = settings
  if (auth === "both" && frontDoor === "function-url")
    throw new SettingError("auth: a function URL asks all callers for the same, so it has no both; choose http-api.")
  if (iamPrincipals !== undefined && !isSigned(settings))
    throw new SettingError(`iamPrincipals is of callers who sign, and with auth=${auth} nobody does.`)
  if (auth === "iam" && iamPrincipals === "acl" && superUsers.length === 0)
    throw new SettingError("iamPrincipals: with acl nobody could add the first list; name superUsers, or choose both.")
  if (superUsers.length > 0 && !looksCallersUp(settings))
    throw new SettingError("superUsers: without keys and lists nobody is denied anything that superUsers could do.")
  const wrong = superUsers.find((name) => !/^(User:[^\s,]+|IAM:arn:[^\s,]+)$/.test(name) || /:\*$/.test(name))
  if (wrong !== undefined)
    throw new SettingError(`superUsers: ${wrong} is no principal; write User:admin or IAM:arn:aws:iam::...:role/admin.`)
}

/** What a deployment says about itself that nobody asks who calls; undefined where somebody does. */
export function warningOf({ auth }: AccessSettings): string | undefined {
  if (auth !== "none") return undefined
  return "auth is none: everybody who knows the address may read, change and delete the whole log."
}
