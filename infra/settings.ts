/** The settings of a deployment by context: `npx cdk deploy -c auth=none`, or in cdk.json. The names are the properties' names. */
import type { Node } from "constructs"
import type { ServiceSettings } from "./service.ts"
import type { StorageSettings } from "./storage.ts"

export type StratalogSettings = StorageSettings & ServiceSettings

/** What context does not name is left to the constructs. Throws with a sentence for the person who typed it. */
export function settingsOf(node: Node): StratalogSettings {
  return {
    throwAway: flag(node, "throwAway"),
    auth: choice(node, "auth", ["iam", "none"]),
    frontDoor: choice(node, "frontDoor", ["function-url", "rest-api"]),
    architecture: choice(node, "architecture", ["arm64", "x86_64"]),
    upkeep: choice(node, "upkeep", ["1h", "5m", "6h"]),
    news: flag(node, "news"),
  }
}

function choice<T extends string>(node: Node, name: keyof StratalogSettings, choices: readonly T[]): T | undefined {
  return setting(node, name, (given) => choices.find((choice) => choice === given), choices.join(" or "))
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
  if (value === undefined) throw new Error(`-c ${name}=${String(given)}: choose ${expected}.`)
  return value
}
