// The README's application in CommonJS, as `cdk init` makes them.
const { App, CfnOutput, Stack } = require("aws-cdk-lib")
const { Stratalog } = require("stratalog-cdk")

const app = new App()
const stack = new Stack(app, "Orders")
const log = new Stratalog(stack, "Log")
new CfnOutput(stack, "LogUrl", { value: log.url })
