/** The CDK app: `npx cdk deploy --all`. */
import { App } from "aws-cdk-lib"
import { settingsOf } from "./settings.ts"
import { stratalogStacks } from "./stacks.ts"

const app = new App()
stratalogStacks(app, "Stratalog", settingsOf(app.node))
