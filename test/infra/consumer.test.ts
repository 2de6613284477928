/** What wakes a function that consumes. */
import { Duration, Stack } from "aws-cdk-lib"
import { Match, Template } from "aws-cdk-lib/assertions"
import { Code, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { describe, expect, it } from "vitest"
import { StratalogConsumer } from "../../infra/consumer.ts"
import { settingsOf } from "../../infra/settings.ts"
import { stratalogStacks } from "../../infra/stacks.ts"
import { unbundledApp } from "./synthesize.ts"

function synthesize(topics: readonly string[], news = true) {
  const app = unbundledApp({ news })
  const log = stratalogStacks(app, "Stratalog", settingsOf(app.node)).service
  const stack = new Stack(app, "Billing")
  const billing = new LambdaFn(stack, "Function", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromInline("export const handler = () => {}"),
    timeout: Duration.seconds(60),
  })
  new StratalogConsumer(stack, "Consumer", { function: billing, topics, news: log.service.news })
  return { log: Template.fromStack(log), consumer: Template.fromStack(stack) }
}

/** The names of the topics that hear of appends. */
function newsOf(log: Template): readonly string[] {
  return Object.keys(log.findResources("AWS::SNS::Topic", { Properties: { DisplayName: "Appends of Stratalog" } }))
}

describe("news of appends", () => {
  it("may be published by the API and by nobody else, over TLS", () => {
    const { log } = synthesize(["orders"])
    expect(newsOf(log)).toEqual([expect.stringMatching(/^ServiceNews/)])
    log.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: "Deny", Action: "sns:Publish" })]) },
    })
    const publishers = Object.entries(log.findResources("AWS::IAM::Policy")).filter(([, policy]) =>
      JSON.stringify(policy).includes("sns:Publish"),
    )
    expect(publishers.map(([name]) => name.replace(/Default.*/, ""))).toEqual(["ServiceProduceRole"])
    log.hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { STRATALOG_NEWS_TOPIC: { Ref: Match.stringLikeRegexp("^ServiceNews") } } },
    })
  })

  it("is not there, and costs nothing, where nobody asked for it", () => {
    const { log, consumer } = synthesize(["orders"], false)
    expect(newsOf(log)).toEqual([])
    expect(JSON.stringify(log.toJSON())).not.toContain("STRATALOG_NEWS_TOPIC")
    consumer.resourceCountIs("AWS::SQS::Queue", 0)
    consumer.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 minute)" })
  })
})

describe("a consumer", () => {
  it("is woken by news of its topics, a little later, and again where a partition failed", () => {
    const { consumer } = synthesize(["orders", "payments"])
    consumer.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "sqs",
      RawMessageDelivery: true,
      FilterPolicy: { topic: ["orders", "payments"] },
    })
    consumer.hasResourceProperties("AWS::SQS::Queue", {
      DelaySeconds: 2,
      VisibilityTimeout: 360,
      SqsManagedSseEnabled: true,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    })
    consumer.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    })
    consumer.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 minute)" })
  })

  it("hears of all topics where a pattern names them", () => {
    const { consumer } = synthesize(["orders", "^logs-"])
    consumer.hasResourceProperties("AWS::SNS::Subscription", { FilterPolicy: Match.absent() })
  })
})
