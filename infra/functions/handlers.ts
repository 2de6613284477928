/** The functions that answer requests. */
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"
import type { EntryName } from "../entries.ts"
import type { Handlers } from "../front-door/open.ts"
import type { LogStorage } from "../storage.ts"
import { createFunction } from "./create.ts"
import type { FunctionSettings } from "./settings.ts"

export function createHandlers(
  scope: Construct,
  kind: Handlers["kind"],
  storage: LogStorage,
  settings: FunctionSettings,
): Handlers {
  const create = (entry: EntryName) => createFunction(scope, entry, storage, settings)
  if (kind === "combined") return { kind, api: create("api") }
  return { kind, produce: create("produce"), fetch: create("fetch"), poll: create("poll"), admin: create("admin") }
}

/** The function that appends. */
export function appender(handlers: Handlers): LambdaFn {
  return handlers.kind === "combined" ? handlers.api : handlers.produce
}
