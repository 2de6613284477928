import type { Acl, AclFilter } from "../../client/acls.ts"
import type { Session } from "../session.ts"

/** What any of the filters finds, each once. */
export async function findAcls(session: Session, filters: readonly AclFilter[]): Promise<readonly Acl[]> {
  const { acls } = session.connect()
  const found = new Map<string, Acl>()
  for (const filter of filters) {
    for (const acl of await acls.list(filter, { signal: session.stop })) found.set(JSON.stringify(acl), acl)
  }
  return [...found.values()]
}
