/** The CDK app: `npx cdk deploy --all`. */
import { App } from "aws-cdk-lib"
import { SettingError } from "./setting-error.ts"
import { refuseUnknown, settingsOf } from "./settings.ts"
import { stratalogStacks } from "./stacks.ts"

const app = new App()
try {
  refuseUnknown(app.node)
  stratalogStacks(app, "Stratalog", settingsOf(app.node))
} catch (error) {
  if (!(error instanceof SettingError)) throw error
  console.error(error.message)
  // At once: whatever is there by now would be synthesized otherwise.
  process.exit(1)
}
