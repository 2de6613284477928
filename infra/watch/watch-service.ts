/** Alarms and a dashboard of a service, where the settings want them. */
import { Stack } from "aws-cdk-lib"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"
import { ENTRIES, type EntryName } from "../entries.ts"
import type { Handlers } from "../front-door/open.ts"
import { SHAPES } from "../functions/shapes.ts"
import type { StratalogService, StratalogServiceProps } from "../service.ts"
import { createAlarms } from "./alarms.ts"
import { createDashboard } from "./dashboard.ts"
import { watchLag } from "./lag-schedule.ts"
import type { WatchSettings } from "./settings.ts"
import type { Watched, WatchedFunction } from "./watched.ts"

export interface WatchedParts {
  readonly service: Pick<StratalogService, "handlers" | "upkeep" | "nudges" | "frontDoor">
  readonly storage: StratalogServiceProps["storage"]
  readonly schedule: Watched["schedule"]
}

export function watchService(
  scope: Construct,
  { service, storage, schedule }: WatchedParts,
  settings: WatchSettings,
): void {
  const watched: Watched = {
    storage,
    functions: functionsOf(service),
    doors: [service.frontDoor.metrics, service.frontDoor.keyMetrics].filter((door) => door !== undefined),
    schedule,
    deadLetters: service.nudges.deadLetters,
  }
  // Figures of our own cost money in CloudWatch: they are told where somebody looks at them.
  if (settings.alarms !== undefined || settings.dashboard === true)
    service.upkeep.addEnvironment("STRATALOG_DEPLOYMENT", Stack.of(scope).stackName)
  createAlarms(scope, watched, settings)
  createDashboard(scope, watched, settings)
  watchLag(scope, service.upkeep, storage, settings)
}

function functionsOf({ handlers, upkeep }: WatchedParts["service"]): readonly WatchedFunction[] {
  const all: Partial<Record<EntryName, LambdaFn>> = { ...byEntry(handlers), upkeep }
  return ENTRIES.flatMap((entry) => {
    const lambda = all[entry]
    return lambda === undefined ? [] : [{ entry, lambda, timeout: SHAPES[entry].timeout }]
  })
}

function byEntry(handlers: Handlers): Partial<Record<EntryName, LambdaFn>> {
  if (handlers.kind === "combined") return { api: handlers.api }
  const { produce, fetch, poll, admin } = handlers
  return { produce, fetch, poll, admin }
}
