import type { Acl, AclFilter } from "../../client/acls.ts"
import type { Session } from "../session.ts"
import { once } from "./expand.ts"

/** What any of the filters finds, each once. */
export async function findAcls(session: Session, filters: readonly AclFilter[]): Promise<readonly Acl[]> {
  const { acls } = session.connect()
  const found: Acl[] = []
  for (const filter of filters) found.push(...(await acls.list(filter, { signal: session.stop })))
  return once(found)
}
