/** The app's stacks as templates, by the context of a command line. */
import { App } from "aws-cdk-lib"
import { Template } from "aws-cdk-lib/assertions"
import { settingsOf } from "../../infra/settings.ts"
import { stratalogStacks } from "../../infra/stacks.ts"

/** What is in the bundles is another test's business. */
export function unbundledApp(context: Readonly<Record<string, unknown>> = {}): App {
  return new App({ context: { "aws:cdk:bundling-stacks": [], ...context } })
}

export interface Templates {
  readonly storage: Template
  readonly service: Template
}

export function synthesize(context: Readonly<Record<string, unknown>> = {}): Templates {
  const app = unbundledApp(context)
  const { storage, service } = stratalogStacks(app, "Stratalog", settingsOf(app.node))
  return { storage: Template.fromStack(storage), service: Template.fromStack(service) }
}
