/** Whether a file of secrets is its owner's alone. Pure. */

export interface FileFacts {
  /** Permission bits and those above. */
  readonly mode: number
  readonly uid: number
}

const OTHERS = 0o077
const WRITABLE_BY_OTHERS = 0o022
const STICKY = 0o1000
const ROOT = 0

/** What is wrong with the file, behind its name; undefined: nothing. */
export function fileFault({ mode, uid }: FileFacts, user: number): string | undefined {
  if (uid !== user && uid !== ROOT) return "belongs to another user"
  if ((mode & OTHERS) === 0) return undefined
  return `can be read by others (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`
}

/** What is wrong with the directory, in which others must not put another file in its place. */
export function directoryFault({ mode, uid }: FileFacts, user: number): string | undefined {
  if (uid !== user && uid !== ROOT) return "belongs to another user"
  return (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0 ? "can be written by others" : undefined
}
