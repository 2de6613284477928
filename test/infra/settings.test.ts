/** What the documents say of the settings is what the app reads. */
import { App } from "aws-cdk-lib"
import { expect, it } from "vitest"
import { deploymentSettings } from "../../docs/generate/deployment.ts"
import { refuseUnknown, settingsOf } from "../../infra/settings.ts"

it("every setting that context may name is a documented property, and the other way round", () => {
  const documented = deploymentSettings().flatMap(({ names }) => names)
  expect(documented.toSorted()).toEqual(Object.keys(settingsOf(new App().node)).sort())
  expect(deploymentSettings().filter(({ text }) => text === "")).toEqual([])
})

it.each([
  [{ frontdoor: "x" }, "-c frontdoor=x: there is no such setting; is it frontDoor?"],
  [{ table: "abc" }, "-c table=abc: there is no such setting; is it tableName?"],
  [{ THROWAWAY: true }, "is it throwAway?"],
  [{ sharding: "x" }, "-c sharding=x: there is no such setting; choose from throwAway, encryptionKey,"],
])("a slip of the pen is no default: %o", (context, sentence) => {
  expect(() => refuseUnknown(new App({ context }).node)).toThrow(sentence)
})

it("what the CDK keeps in context is left to it", () => {
  const context = {
    "@aws-cdk/core:newStyleStackSynthesis": true,
    "aws:cdk:bundling-stacks": [],
    "cli-telemetry": false,
  }
  expect(() => refuseUnknown(new App({ context: { ...context, auth: "none" } }).node)).not.toThrow()
})
