/** What the documents say of the settings is what the app reads. */
import { App } from "aws-cdk-lib"
import { expect, it } from "vitest"
import { deploymentSettings } from "../../docs/generate/deployment.ts"
import { settingsOf } from "../../infra/settings.ts"

it("every setting that context may name is a documented property, and the other way round", () => {
  const documented = deploymentSettings().flatMap(({ names }) => names)
  expect(documented.toSorted()).toEqual(Object.keys(settingsOf(new App().node)).sort())
  expect(deploymentSettings().filter(({ text }) => text === "")).toEqual([])
})
