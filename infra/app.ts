/** The CDK app: `npx cdk deploy`. */
import { App } from "aws-cdk-lib"
import { settingsOf } from "./settings.ts"
import { StratalogStack } from "./stack.ts"

const app = new App()
new StratalogStack(app, "Stratalog", settingsOf(app.node))
