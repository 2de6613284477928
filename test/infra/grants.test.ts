/** Who is let do what: every route of the API is judged by what IAM makes of the grants. */
import { Stack } from "aws-cdk-lib"
import { Template } from "aws-cdk-lib/assertions"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { type Route, routes } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { CONSUMING_CALLS, producingCalls } from "../../infra/grants.ts"
import { Stratalog } from "../../infra/stratalog.ts"
import { isLike } from "./permissions/policies.ts"
import { unbundledApp } from "./synthesize.ts"

const table: readonly Route[] = Object.values<Route>(routes)

/** The ids of the routes that may be called, with this name for whatever is named. */
function allowed(calls: readonly string[], name = "orders"): readonly string[] {
  const callOf = ({ method, path }: Route) =>
    `${method}${path
      .replace("{partition}", "0")
      .replace("{member}", "m1")
      .replace(/\{\w+\}/g, name)}`
  return table.filter((route) => calls.some((pattern) => isLike(callOf(route), pattern))).map(({ id }) => id)
}

const ASK = ["limits", "ready", "whoami"]
const READ = ["listTopics", "describeTopic", "topicOffsets", "fetchRecords", "fetchMany"]

describe("who produces", () => {
  it("to one topic may do that and ask for its partitions, and reads nothing", () => {
    const calls = producingCalls(["orders"])
    const own = ["produceToTopic", "produceToPartition", "describeTopic", "initProducer", ...ASK]
    expect([...allowed(calls)].sort()).toEqual(own.sort())
    expect([...allowed(calls, "others")].sort()).toEqual(["initProducer", ...ASK].sort())
    expect([...allowed(producingCalls(["a", "others"]), "others")].sort()).toEqual(own.sort())
  })

  it("to all topics reads them, too, and changes none", () => {
    const expected = ["produceToTopic", "produceToPartition", "produceMany", "initProducer", ...ASK]
    expect([...allowed(producingCalls([]))].sort()).toEqual(
      [...expected, "describeTopic", "topicOffsets", "fetchRecords"].sort(),
    )
  })

  it("names topics, no patterns", () => {
    for (const name of ["*", "orders-*", "orders/records", ""]) expect(() => producingCalls([name])).toThrow("no name")
  })
})

describe("who consumes", () => {
  it("reads, and takes part in groups, and changes no topic and no group by hand", () => {
    const groups = ["describeGroup", "heartbeat", "poll", "leaveGroup", "commitOffsets", "committedOffsets", "groupLag"]
    expect([...allowed(CONSUMING_CALLS)].sort()).toEqual([...READ, ...groups, ...ASK].sort())
  })
})

describe("a grant", () => {
  const callers = (frontDoor: "http-api" | "function-url" | "rest-api") => {
    const stack = new Stack(unbundledApp(), "Stack")
    const log = new Stratalog(stack, "Log", { frontDoor })
    const role = (name: string) => new Role(stack, name, { assumedBy: new ServicePrincipal("ec2.amazonaws.com") })
    return { stack, log, role }
  }

  it.each([
    ["http-api", "$default"],
    ["rest-api", "live"],
  ] as const)("behind %s names the API, the stage and the calls", (frontDoor, stage) => {
    const { stack, log, role } = callers(frontDoor)
    log.grantProduce(role("Producer"), "orders")
    log.grantConsume(role("Consumer"))
    log.grantAdmin(role("Admin"))
    const policies = Object.entries(Template.fromStack(stack).findResources("AWS::IAM::Policy"))
    const statementOf = (name: string) =>
      policies.find(([id]) => id.startsWith(name))?.[1]["Properties"].PolicyDocument.Statement[0]
    expect(statementOf("Producer")).toMatchObject({ Effect: "Allow", Action: "execute-api:Invoke" })
    const tails = (name: string) => JSON.stringify(statementOf(name).Resource)
    for (const call of producingCalls(["orders"])) expect(tails("Producer")).toContain(`/${stage}/${call}"`)
    expect(tails("Producer")).not.toContain('/*"')
    for (const call of CONSUMING_CALLS) expect(tails("Consumer")).toContain(`/${stage}/${call}"`)
    expect(tails("Admin")).toMatch(/Api[^,]*"\},"\/\*"\]/)
  })

  it("behind a function URL is for everything, or refused", () => {
    const { stack, log, role } = callers("function-url")
    log.grantAdmin(role("Admin"))
    const policies = Object.entries(Template.fromStack(stack).findResources("AWS::IAM::Policy"))
    const statements: { readonly Action: string; readonly Condition?: object }[] = policies.find(([id]) =>
      id.startsWith("Admin"),
    )?.[1]["Properties"].PolicyDocument.Statement
    // Who invokes the function itself writes the event, and in it who signed.
    const conditions = Object.fromEntries(statements.map(({ Action, Condition }) => [Action, Condition]))
    expect(conditions["lambda:InvokeFunction"]).toEqual({ Bool: { "lambda:InvokedViaFunctionUrl": true } })
    expect(() => log.grantConsume(role("Consumer"))).toThrow("cannot tell calls apart")
  })
})
