/** What the API's reference says of a schema. */
import * as z from "zod/mini"

/** The schema with a sentence about it. */
export function described<S extends z.ZodMiniType>(schema: S, description: string): S {
  return documented(schema, { description })
}

/** The schema with anything that a JSON schema may say; the same one elsewhere keeps what is said of it there. */
export function documented<S extends z.ZodMiniType>(schema: S, meta: z.core.JSONSchemaMeta): S {
  const copy: S = z.clone(schema)
  z.globalRegistry.add(copy, meta)
  return copy
}
