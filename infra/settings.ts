/** The settings of a deployment by context: `npx cdk deploy -c auth=none`, or in cdk.json. The names are the properties' names. */
import type { Node } from "constructs"
import { ENTRIES, type EntryName } from "./entries.ts"
import type { ByFunction } from "./functions/settings.ts"
import type { RestoredSettings } from "./restored.ts"
import type { ServiceSettings } from "./service.ts"
import { SettingError } from "./setting-error.ts"
import type { StorageSettings } from "./storage.ts"
import type { LagThresholds } from "./watch/settings.ts"

export type StratalogSettings = StorageSettings & RestoredSettings & ServiceSettings

/** What context does not name is left to the constructs. Throws with a sentence for the person who typed it. */
export function settingsOf(node: Node): StratalogSettings {
  return {
    throwAway: flag(node, "throwAway"),
    encryptionKey: text(node, "encryptionKey"),
    intelligentTiering: flag(node, "intelligentTiering"),
    objectHistory: setting(node, "objectHistory", countOf, "a whole number"),
    tableName: text(node, "tableName"),
    bucketName: text(node, "bucketName"),
    auth: choice(node, "auth", ["iam", "key", "both", "none"]),
    iamPrincipals: choice(node, "iamPrincipals", ["super", "acl"]),
    superUsers: list(node, "superUsers"),
    frontDoor: choice(node, "frontDoor", ["http-api", "function-url", "rest-api"]),
    corsOrigins: list(node, "corsOrigins"),
    throttleRate: whole(node, "throttleRate"),
    throttleBurst: whole(node, "throttleBurst"),
    accessLogs: flag(node, "accessLogs"),
    domainName: text(node, "domainName"),
    certificateArn: text(node, "certificateArn"),
    basePath: text(node, "basePath"),
    hostedZoneId: text(node, "hostedZoneId"),
    hostedZoneName: text(node, "hostedZoneName"),
    architecture: choice(node, "architecture", ["arm64", "x86_64"]),
    memory: byFunction(node, "memory", MEMORY),
    reservedConcurrency: byFunction(node, "reservedConcurrency", ANY_NUMBER),
    metrics: choice(node, "metrics", ["off", "emf"]),
    logRetention: whole(node, "logRetention"),
    upkeep: choice(node, "upkeep", ["1h", "5m", "6h"]),
    news: flag(node, "news"),
    alarms: text(node, "alarms"),
    lagAlarms: setting(node, "lagAlarms", thresholdsOf, "groups and records, such as billing:10000,shipping:500"),
    dashboard: flag(node, "dashboard"),
  }
}

/**
 * Throws with a sentence where context names what no setting is called: a slip of the pen would otherwise leave a default in
 * force. The CDK's own names have a colon, an @ or a hyphen in them.
 */
export function refuseUnknown(node: Node): void {
  const known = Object.keys(settingsOf(node))
  const given = Object.entries<unknown>(node.getAllContext()).filter(([name]) => !/[:@-]/.test(name))
  for (const [name, value] of given) {
    if (known.includes(name)) continue
    const nearest = known.find((each) => each.toLowerCase().startsWith(name.toLowerCase()))
    const advice = nearest === undefined ? `choose from ${known.join(", ")}` : `is it ${nearest}?`
    throw new SettingError(`-c ${name}=${String(value)}: there is no such setting; ${advice}`)
  }
}

function choice<T extends string>(node: Node, name: keyof StratalogSettings, choices: readonly T[]): T | undefined {
  return setting(node, name, (given) => choices.find((choice) => choice === given), choices.join(" or "))
}

function text(node: Node, name: keyof StratalogSettings): string | undefined {
  return setting(node, name, (given) => (typeof given === "string" && given !== "" ? given : undefined), "a text")
}

/** With commas on a command line, a list in cdk.json. */
function list(node: Node, name: keyof StratalogSettings): readonly string[] | undefined {
  const read = (given: unknown): readonly string[] | undefined => {
    if (typeof given === "string") return given.split(",").filter((each) => each !== "")
    return Array.isArray(given) && given.every((each) => typeof each === "string") ? given : undefined
  }
  return setting(node, name, read, "texts with commas between them")
}

function whole(node: Node, name: keyof StratalogSettings): number | undefined {
  return setting(node, name, wholeOf, "a whole number")
}

function wholeOf(given: unknown): number | undefined {
  const value = countOf(given)
  return value === 0 ? undefined : value
}

/** Zero, too. */
function countOf(given: unknown): number | undefined {
  const value = typeof given === "string" && given !== "" ? Number(given) : given
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined
}

/** `billing:10000,shipping:500` on a command line, an object in cdk.json. */
function thresholdsOf(given: unknown): LagThresholds | undefined {
  const found: [string, number][] = []
  for (const [group, value, ...rest] of pairsOf(given)) {
    const records = wholeOf(value)
    if (group === "" || records === undefined || rest.length > 0) return undefined
    found.push([group, records])
  }
  return Object.fromEntries(found)
}

/** MiB, as Lambda takes them. */
const MEMORY = { least: 128, most: 10_240, expected: "128 to 10240 MiB" }
const ANY_NUMBER = { least: 1, most: Number.MAX_SAFE_INTEGER, expected: "whole numbers" }

/** `produce:100,poll:50` on a command line, an object in cdk.json. */
function byFunction(node: Node, name: keyof StratalogSettings, range: typeof MEMORY): ByFunction | undefined {
  const read = (given: unknown): ByFunction | undefined => {
    const found: [EntryName, number][] = []
    for (const [key, value] of pairsOf(given)) {
      const entry = ENTRIES.find((each) => each === key)
      const number = wholeOf(value)
      if (entry === undefined || number === undefined) return undefined
      if (number < range.least || number > range.most) return undefined
      found.push([entry, number])
    }
    return Object.fromEntries(found)
  }
  return setting(
    node,
    name,
    read,
    `${range.expected} for functions, such as produce:${range.least * 2},poll:${range.least} (${ENTRIES.join(", ")})`,
  )
}

/** Of a pair with more than one colon there are further parts. */
function pairsOf(given: unknown): readonly (readonly [string, ...unknown[]])[] {
  if (typeof given === "object" && given !== null) return Object.entries(given)
  if (typeof given !== "string") return [["", given]]
  return given.split(",").map((pair) => {
    const [name = "", ...rest] = pair.split(":")
    return [name, ...rest]
  })
}

/** Text on a command line, a boolean in cdk.json. */
function flag(node: Node, name: keyof StratalogSettings): boolean | undefined {
  const read = (given: unknown) => [true, false].find((value) => given === value || given === String(value))
  return setting(node, name, read, "true or false")
}

function setting<T>(
  node: Node,
  name: keyof StratalogSettings,
  read: (given: unknown) => T | undefined,
  expected: string,
): T | undefined {
  const given: unknown = node.tryGetContext(name)
  if (given === undefined) return undefined
  const value = read(given)
  if (value === undefined) throw new SettingError(`-c ${name}=${String(given)}: choose ${expected}.`)
  return value
}
