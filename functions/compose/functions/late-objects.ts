/**
 * Objects whose storage is loaded when one is first wanted: S3's client is half of what a cold start would read, and most
 * environments serve for a while without it.
 */
import type { Unavailable } from "../../log/ports.ts"
import type { ObjectStore } from "../../segments/ports.ts"
import { loadedOnce } from "../loaded-once.ts"
import type { BucketOptions } from "./options.ts"

export function lateObjects(options: BucketOptions): ObjectStore {
  return openedLate(async () => (await import("./open-objects.ts")).openObjects(options))
}

/** Where `open` fails, so does the call that wanted it, and the next call opens again. */
export function openedLate(open: () => Promise<ObjectStore>): ObjectStore {
  const opened = loadedOnce(open)
  const through = async <Outcome>(call: (objects: ObjectStore) => Promise<Outcome>): Promise<Outcome | Unavailable> => {
    const objects = await opened().catch(notOpened)
    return "kind" in objects ? objects : call(objects)
  }
  return {
    put: (key, parts) => through((objects) => objects.put(key, parts)),
    get: (key, range) => through((objects) => objects.get(key, range)),
    remove: (keys) => through((objects) => objects.remove(keys)),
    list: (request) => through((objects) => objects.list(request)),
  }
}

function notOpened(error: unknown): Unavailable {
  const detail = `The client of the objects' storage could not be loaded: ${String(error)}`
  return { kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail }
}
