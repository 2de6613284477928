import { errorCode } from "./file-layer.ts"

/** What the work on a file or a directory gives; undefined where there is no such one. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined
    throw error
  }
}
