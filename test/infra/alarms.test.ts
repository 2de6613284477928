/** Alarms and the dashboard: none unless somebody asks, and each leads to what somebody can do. */
import { readFileSync } from "node:fs"
import { App, Stack } from "aws-cdk-lib"
import { Match, Template } from "aws-cdk-lib/assertions"
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch"
import { Code, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { describe, expect, it } from "vitest"
import { Stratalog, StratalogConsumer } from "../../infra/index.ts"
import { refuseUnknown } from "../../infra/settings.ts"
import { ALARM_KINDS } from "../../infra/watch/alarm-kinds.ts"
import { synthesize, unbundledApp } from "./synthesize.ts"

type Properties = Readonly<Record<string, unknown>>

const on = { alarms: "on", lagAlarms: "billing:1000,shipping:50" }

/** By construct's name, without the CDK's own additions. */
function alarmsOf(template: Template): Readonly<Record<string, Properties>> {
  return Object.fromEntries(
    Object.entries(template.findResources("AWS::CloudWatch::Alarm")).map(([id, { Properties }]) => [
      id.replace(/^(Service)?Alarms|[0-9A-F]{8}$/g, ""),
      Properties,
    ]),
  )
}

describe("a deployment that asks for nothing", () => {
  it.each([{}, { frontDoor: "function-url" }, { news: true }])(
    "has nothing that costs while it is idle: %o",
    (context) => {
      const { service, storage } = synthesize(context)
      for (const template of [service, storage]) {
        for (const type of ["Alarm", "CompositeAlarm", "Dashboard", "AnomalyDetector", "InsightRule"])
          template.resourceCountIs(`AWS::CloudWatch::${type}`, 0)
      }
      expect(JSON.stringify(service.findResources("AWS::Events::Rule"))).not.toContain("lag")
    },
  )
})

describe("alarms", () => {
  const { service } = synthesize(on)
  const alarms = alarmsOf(service)

  it("look at each function, the door, the table, upkeep, dead letters and the groups that are named", () => {
    const functions = ["Produce", "Fetch", "Poll", "Admin", "Upkeep"]
    const ofFunctions = functions.flatMap((name) =>
      ["FunctionErrors", "FunctionThrottles", "FunctionSlow"].map((kind) => `${name}${kind}`),
    )
    const others = [
      "ServerErrors",
      "StorageThrottled",
      "StorageErrors",
      "UpkeepFailing",
      "UpkeepNotRunning",
      "TierBacklog",
    ]
    const all = [...ofFunctions, ...others, "DeadLetters", "billingLag", "shippingLag"]
    expect(Object.keys(alarms).sort()).toEqual(all.sort())
    expect(Object.keys(alarmsOf(synthesize({ ...on, frontDoor: "function-url" }).service))).toHaveLength(all.length - 9)
  })

  it("look at each of two doors", () => {
    const doors = Object.entries(alarmsOf(synthesize({ ...on, auth: "both" }).service)).filter(([name]) =>
      name.endsWith("ServerErrors"),
    )
    expect(doors.map(([name]) => name).sort()).toEqual(["KeyDoorServerErrors", "ServerErrors"])
    expect(new Set(doors.map(([, { Dimensions }]) => JSON.stringify(Dimensions))).size).toBe(2)
  })

  it("are of known kinds, all of which there are, and say where to read what to do", () => {
    const kinds = Object.entries(alarms).map(([name, { AlarmDescription }]) => {
      const [kind = ""] = Object.keys(ALARM_KINDS).filter((each) => name.endsWith(each))
      expect(AlarmDescription).toMatch(new RegExp(`^[A-Z].*\\. What to do: RUNBOOK\\.md#${kind.toLowerCase()}$`))
      return kind
    })
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(ALARM_KINDS).sort())
  })

  it("are quiet while nobody calls: what is not counted is no trouble, but for the schedule, which is never idle", () => {
    const silences = Object.entries(alarms).map(([name, { TreatMissingData }]) => [name, TreatMissingData])
    const loud = silences.filter(([, treat]) => treat === "breaching").map(([name]) => name)
    expect(loud).toEqual(["UpkeepNotRunning"])
    expect(Object.fromEntries(silences.filter(([, treat]) => treat !== "notBreaching"))).toEqual({
      UpkeepNotRunning: "breaching",
      TierBacklog: "ignore",
      DeadLetters: "ignore",
      billingLag: "missing",
      shippingLag: "missing",
    })
  })

  it("fill the gaps of DynamoDB's metrics, for which CloudWatch knows no other way", () => {
    for (const name of ["StorageThrottled", "StorageErrors"]) {
      const metrics = JSON.parse(JSON.stringify(alarms[name]?.["Metrics"]))
      const [{ Expression }, ...parts] = metrics
      expect(parts.length).toBeGreaterThan(1)
      for (const { Id, ReturnData, MetricStat } of parts) {
        expect(Expression).toContain(`FILL(${Id}, 0)`)
        expect(ReturnData).toBe(false)
        expect(MetricStat.Metric.Namespace).toBe("AWS/DynamoDB")
      }
    }
  })

  it("come before a function's time is over", () => {
    expect(alarms["FetchFunctionSlow"]).toMatchObject({
      MetricName: "Duration",
      Statistic: "Maximum",
      Threshold: 26_100,
    })
    expect(alarms["UpkeepFunctionSlow"]).toMatchObject({ Threshold: 570_000, Period: 3_600 })
  })

  it.each([
    ["1h", 3_600],
    ["5m", 3_600],
    ["6h", 21_600],
  ])("miss upkeep that should run every %s", (upkeep, period) => {
    const { service: template } = synthesize({ ...on, upkeep })
    const { UpkeepNotRunning } = alarmsOf(template)
    expect(UpkeepNotRunning).toMatchObject({
      Namespace: "AWS/Events",
      MetricName: "Invocations",
      Period: period,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
    })
    const [{ Value }] = JSON.parse(JSON.stringify(UpkeepNotRunning?.["Dimensions"]))
    const rule = template.findResources("AWS::Events::Rule")[Value.Ref]
    const rates: Readonly<Record<string, string>> = { "1h": "1 hour", "5m": "5 minutes", "6h": "6 hours" }
    expect(rule?.["Properties"].ScheduleExpression).toBe(`rate(${rates[upkeep]})`)
  })

  it("keep to what CloudWatch evaluates: a day for short periods, a week for those of an hour and more", () => {
    for (const [name, { Period, EvaluationPeriods, Metrics }] of Object.entries(alarms)) {
      const period = Number(Period ?? JSON.parse(JSON.stringify(Metrics))[1].MetricStat.Period)
      expect(period % 60, name).toBe(0)
      expect(period * Number(EvaluationPeriods), name).toBeLessThanOrEqual(period < 3_600 ? 86_400 : 604_800)
    }
  })

  it("ask for lag every five minutes, of the groups that are named, with leave to read and nothing else", () => {
    service.hasResourceProperties("AWS::Events::Rule", {
      ScheduleExpression: "rate(5 minutes)",
      Targets: [Match.objectLike({ Input: JSON.stringify({ lag: ["billing", "shipping"] }) })],
    })
    expect(alarms["billingLag"]).toMatchObject({
      Namespace: "Stratalog",
      MetricName: "stratalog_group_lag",
      Dimensions: [
        { Name: "Deployment", Value: "Stratalog" },
        { Name: "Group", Value: "billing" },
      ],
      Threshold: 1_000,
    })
  })
})

describe("figures of the functions' own", () => {
  const told = (context: Properties) =>
    Object.entries(synthesize(context).service.findResources("AWS::Lambda::Function"))
      .filter(([, { Properties }]) => Properties.Environment.Variables.STRATALOG_DEPLOYMENT !== undefined)
      .map(([name, { Properties }]) => [
        name.replace(/[0-9A-F]{8}$/, ""),
        Properties.Environment.Variables.STRATALOG_DEPLOYMENT,
      ])

  it.each([on, { alarms: "on" }, { dashboard: true }, { dashboard: true, frontDoor: "function-url" }])(
    "are told by upkeep, under the name of the stack, where somebody looks at them: %o",
    (context) => {
      expect(told(context)).toEqual([["ServiceUpkeep", "Stratalog"]])
    },
  )

  it("are told by nobody otherwise: CloudWatch asks money for them", () => {
    expect(told({})).toEqual([])
  })
})

describe("what alarms cost", () => {
  /** CloudWatch counts the metrics that alarms look at, whether they stand alone or in an expression. */
  const metricsOf = (context: Properties) =>
    Object.values(alarmsOf(synthesize({ alarms: "on", ...context }).service)).reduce((sum, { Metrics }) => {
      const looked = Array.isArray(Metrics) ? Metrics.filter((each) => each.MetricStat !== undefined).length : 1
      return sum + looked
    }, 0)
  const document = readFileSync(new URL("../../docs/cost.md", import.meta.url), "utf8")

  it("is what the document says", () => {
    const [all, combined] = [metricsOf({}), metricsOf({ frontDoor: "function-url" })]
    expect(metricsOf({ frontDoor: "rest-api" })).toBe(all)
    expect(metricsOf({ auth: "both" })).toBe(all + 1)
    expect(metricsOf({ lagAlarms: "billing:1,shipping:2" })).toBe(all + 2)
    expect(document).toContain(`look at ${all} metrics ($${(all / 10).toFixed(2)}`)
    expect(document).toContain(`${combined} behind a function URL ($${(combined / 10).toFixed(2)})`)
    const deploy = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8")
    expect(deploy).toContain(`$${(all / 10 + 1.5).toFixed(2)} a month, whatever happens: $${(all / 10).toFixed(2)} for`)
    expect(deploy).toContain(`the ${all} metrics that they look at, and $1.50 for five that upkeep tells`)
  })
})

describe("who is told", () => {
  it("is an address, by a topic that CloudWatch may publish to, of this account alone and by TLS", () => {
    const { service } = synthesize({ alarms: "ops@example.com", lagAlarms: { billing: 5 } })
    service.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" })
    const [topic = ""] = Object.keys(service.findResources("AWS::SNS::Topic")).filter((name) => name.includes("Alarms"))
    service.allResourcesProperties("AWS::CloudWatch::Alarm", {
      AlarmActions: [{ Ref: topic }],
      OKActions: [{ Ref: topic }],
    })
    service.hasResourceProperties("AWS::SNS::TopicPolicy", {
      Topics: [{ Ref: topic }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    })
    service.hasResourceProperties("AWS::SNS::TopicPolicy", {
      Topics: [{ Ref: topic }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    })
  })

  it("is nobody with alarms=on: they show in the console", () => {
    const { service } = synthesize(on)
    for (const { AlarmActions } of Object.values(alarmsOf(service))) expect(AlarmActions).toBeUndefined()
    service.resourcePropertiesCountIs("AWS::SNS::Subscription", { Protocol: "email" }, 0)
  })

  it("is whom actions of one's own tell, of a consumer's dead letters, too", () => {
    const actions: readonly IAlarmAction[] = [{ bind: () => ({ alarmActionArn: "arn:aws:sns:eu-west-1:1:mine" }) }]
    const stack = new Stack(unbundledApp(), "Shop")
    const { news } = new Stratalog(stack, "Log", { alarms: actions, news: true })
    const code = { runtime: Runtime.NODEJS_24_X, handler: "index.handler", code: Code.fromInline("//") }
    const consumer = new LambdaFn(stack, "Billing", code)
    new StratalogConsumer(stack, "Consumer", { function: consumer, topics: ["orders"], news, alarms: actions })
    const template = Template.fromStack(stack)
    template.allResourcesProperties("AWS::CloudWatch::Alarm", { AlarmActions: ["arn:aws:sns:eu-west-1:1:mine"] })
    const names = Object.keys(template.findResources("AWS::CloudWatch::Alarm"))
    expect(names.filter((name) => name.startsWith("ConsumerAlarmsDeadLetters"))).toHaveLength(1)
  })

  it("makes no alarm of a consumer that asks for none", () => {
    const stack = new Stack(new App(), "Shop")
    const code = { runtime: Runtime.NODEJS_24_X, handler: "index.handler", code: Code.fromInline("//") }
    new StratalogConsumer(stack, "Consumer", { function: new LambdaFn(stack, "Billing", code), topics: ["orders"] })
    Template.fromStack(stack).resourceCountIs("AWS::CloudWatch::Alarm", 0)
  })
})

describe("what cannot be", () => {
  it.each([
    [{ alarms: "yes" }, "alarms: write on, or an e-mail address, not yes."],
    [{ alarms: true }, "-c alarms=true: choose a text."],
    [{ lagAlarms: "billing:10" }, "lagAlarms goes with alarms"],
    [{ alarms: "on", lagAlarms: "billing" }, "-c lagAlarms=billing: choose groups and records"],
    [{ alarms: "on", lagAlarms: "billing:0" }, "-c lagAlarms=billing:0: choose"],
    [{ alarms: "on", lagAlarms: "billing:1:2" }, "-c lagAlarms=billing:1:2: choose"],
    [{ alarms: "on", lagAlarms: "bill/ing:10" }, "lagAlarms: bill/ing is no name of a group."],
    [{ alarms: "on", lagAlarms: ["billing"] }, "-c lagAlarms=billing: choose"],
    [
      { alarms: "on", lagAlarms: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`g${at}`, 1])) },
      "20 groups",
    ],
    [{ dashboard: "on" }, "-c dashboard=on: choose true or false."],
  ])("is said in a sentence: %o", (context, sentence) => {
    expect(() => synthesize(context)).toThrow(sentence)
  })

  it("is told what it may have meant", () => {
    expect(() => refuseUnknown(new App({ context: { alarm: "on" } }).node)).toThrow("is it alarms?")
  })
})

describe("the dashboard", () => {
  /** As CloudFormation would put it together. */
  function bodyOf(template: Template): string {
    const [{ Properties } = { Properties: {} }] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"))
    const [, parts]: [string, readonly unknown[]] = Properties.DashboardBody["Fn::Join"]
    return parts.map((part) => (typeof part === "string" ? part : "token")).join("")
  }

  it.each([
    { dashboard: "true" },
    { dashboard: true, frontDoor: "function-url" },
    { ...on, dashboard: true, frontDoor: "rest-api" },
    { ...on, dashboard: true, auth: "both" },
  ])(
    "is one, of widgets that stand beside each other, and of fewer than 50 metrics, as three such cost nothing: %o",
    (context) => {
      const { widgets } = JSON.parse(bodyOf(synthesize(context).service))
      const taken = new Set<string>()
      let metrics = 0
      for (const { x, y, width, height, properties } of widgets) {
        expect(x + width).toBeLessThanOrEqual(24)
        for (let column = x; column < x + width; column++) {
          for (let row = y; row < y + height; row++) {
            expect(taken.has(`${column}/${row}`)).toBe(false)
            taken.add(`${column}/${row}`)
          }
        }
        metrics += properties.metrics?.length ?? 0
      }
      expect(metrics).toBeGreaterThan(20)
      expect(metrics).toBeLessThan(50)
    },
  )

  it("shows lag where it is watched", () => {
    expect(bodyOf(synthesize({ ...on, dashboard: true }).service)).toContain("stratalog_group_lag")
    expect(bodyOf(synthesize({ dashboard: true }).service)).not.toContain("stratalog_group_lag")
  })
})
