import { join } from "node:path"

/**
 * Where an object lies: its key's folder is one directory, in whose name `_` stands for `/`, and the rest is the file's
 * name. So no key can be a directory of another's, and a new directory has one parent, whose entry has to be synced.
 */
export interface ObjectPath {
  readonly directory: string
  readonly file: string
}

const KEY = /^[a-z0-9.-]+(\/[a-z0-9.-]+)+$/

export function pathOf(root: string, key: string): ObjectPath {
  const end = key.lastIndexOf("/")
  const name = key.slice(end + 1)
  // Two names stand for other directories.
  const leadsElsewhere = key.split("/").some((each) => each === "." || each === "..")
  if (leadsElsewhere || !KEY.test(key)) throw new RangeError(`${JSON.stringify(key)} is not the key of an object`)
  const directory = join(root, key.slice(0, end).replaceAll("/", "_"))
  return { directory, file: join(directory, name) }
}

/** What the keys begin with whose files lie in the directory of this name. */
export function folderOf(directoryName: string): string {
  return `${directoryName.replaceAll("_", "/")}/`
}
