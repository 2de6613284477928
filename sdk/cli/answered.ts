import { StratalogError } from "../client/errors.ts"

/** The error, where the server or what is in front of it has one; rejects where the user ends it. */
export async function answered<T>(asking: Promise<T>): Promise<T | StratalogError> {
  try {
    return await asking
  } catch (error) {
    if (error instanceof StratalogError) return error
    throw error
  }
}
