/**
 * Objects whose storage is loaded when one is first wanted: S3's client is half of what a cold start would read, and most
 * environments serve for a while without it.
 */
import type { Unavailable } from "../../log/ports.ts"
import type { ObjectStore } from "../../segments/ports.ts"
import type { BucketOptions } from "./options.ts"

export function lateObjects(options: BucketOptions): ObjectStore {
  return openedLate(async () => (await import("./open-objects.ts")).openObjects(options))
}

/** `open` is called once; where it fails, so does the call that wanted it, and the next call opens again. */
export function openedLate(open: () => Promise<ObjectStore>): ObjectStore {
  let opening: Promise<ObjectStore | Unavailable> | undefined
  const opened = async () => {
    opening ??= open().catch(notOpened)
    const mine = opening
    const objects = await mine
    // Whoever waits with others may find that one of them has begun anew.
    if ("kind" in objects && opening === mine) opening = undefined
    return objects
  }
  const through = async <Outcome>(call: (objects: ObjectStore) => Promise<Outcome>): Promise<Outcome | Unavailable> => {
    const objects = await opened()
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
