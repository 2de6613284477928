/** What a deployment may choose, by context: `npx cdk deploy -c auth=none`. */
import type { Node } from "constructs"

export interface DeploymentSettings {
  /** Who may call. `iam`: callers sign their requests (SigV4). `none`: everybody who knows the address. */
  readonly auth: "iam" | "none"
  readonly frontDoor: "function-url" | "rest-api"
  readonly architecture: "arm64" | "x86_64"
  /** How often the log is kept up. `6h`: with the sweep alone, so that an idle deployment asks for nothing in between. */
  readonly upkeep: "1h" | "5m" | "6h"
  /** `on`: an SNS topic hears of appends, to wake functions that consume (`StratalogConsumer`). */
  readonly news: "off" | "on"
}

const CHOICES: {
  readonly [K in keyof DeploymentSettings]: readonly [DeploymentSettings[K], ...DeploymentSettings[K][]]
} = {
  auth: ["iam", "none"],
  frontDoor: ["function-url", "rest-api"],
  architecture: ["arm64", "x86_64"],
  upkeep: ["1h", "5m", "6h"],
  news: ["off", "on"],
}

/** The first choice of each is the default. Throws with a sentence for the person who typed it. */
export function settingsOf(node: Node): DeploymentSettings {
  return {
    auth: choose(node, "auth"),
    frontDoor: choose(node, "frontDoor"),
    architecture: choose(node, "architecture"),
    upkeep: choose(node, "upkeep"),
    news: choose(node, "news"),
  }
}

function choose<K extends keyof DeploymentSettings>(node: Node, name: K): DeploymentSettings[K] {
  const choices = CHOICES[name]
  const given: unknown = node.tryGetContext(name)
  if (given === undefined) return choices[0]
  const chosen = choices.find((choice) => choice === given)
  if (chosen === undefined) throw new Error(`-c ${name}=${given}: choose ${choices.join(" or ")}.`)
  return chosen
}
