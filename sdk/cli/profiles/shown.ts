/** A profile as it may be shown: of a key its id, never its secret. Pure. */
import type { Profile } from "./profile.ts"

export interface ShownProfile {
  readonly profile: string
  readonly url: string
  /** The id of the key, or an ellipsis where it is none of Stratalog's. */
  readonly key?: string
  readonly auth?: "iam"
  readonly region?: string
  readonly insecure?: boolean
}

export function shown(profile: string, { url, apiKey, auth, region, insecure }: Profile): ShownProfile {
  return {
    profile,
    url,
    ...(apiKey !== undefined && { key: idOf(apiKey) }),
    ...(auth !== undefined && { auth }),
    ...(region !== undefined && { region }),
    ...(insecure !== undefined && { insecure }),
  }
}

/** How its server is asked. */
export function authText({ key, auth, region, insecure }: ShownProfile): string {
  if (auth !== undefined) return region === undefined ? auth : `${auth} ${region}`
  if (key === undefined) return "-"
  return `key ${key}${insecure === true ? ", also in the clear" : ""}`
}

function idOf(apiKey: string): string {
  const [, id] = /^stk_([a-z0-9]{1,40})_/i.exec(apiKey) ?? []
  return id ?? "…"
}
