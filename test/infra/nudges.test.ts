import { App, Stack } from "aws-cdk-lib"
import { Match, Template } from "aws-cdk-lib/assertions"
import { Key } from "aws-cdk-lib/aws-kms"
import { Code, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { describe, expect, it } from "vitest"
import { openNudges } from "../../infra/nudges.ts"
import { synthesize } from "./synthesize.ts"

function alone(isEncrypted: boolean): Template {
  const stack = new Stack(new App(), "Alone")
  const lambda = (name: string) =>
    new LambdaFn(stack, name, { runtime: Runtime.NODEJS_24_X, handler: "index.handler", code: Code.fromInline("//") })
  const encryptionKey = isEncrypted ? new Key(stack, "Key") : undefined
  openNudges(stack, { publisher: lambda("Publisher"), upkeep: lambda("Upkeep"), encryptionKey })
  return Template.fromStack(stack)
}

/** Statements of a policy that name this action. */
function statementsOf(template: Template, type: string, action: string): readonly Record<string, unknown>[] {
  return Object.entries(template.findResources(type)).flatMap(([name, { Properties }]) => {
    const document = Properties.PolicyDocument ?? Properties.KeyPolicy
    const statements: { Action: string | string[] }[] = document.Statement
    return statements.filter(({ Action }) => [Action].flat().includes(action)).map((each) => ({ ...each, of: name }))
  })
}

describe("nudges", () => {
  const template = alone(false)

  it("go from who appends by a topic to upkeep", () => {
    const topic = { Ref: Match.stringLikeRegexp("^Nudges") }
    template.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "lambda",
      TopicArn: topic,
      Endpoint: { "Fn::GetAtt": [Match.stringLikeRegexp("^Upkeep"), "Arn"] },
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^UpkeepDeadLetters"), "Arn"] } },
    })
    template.hasResourceProperties("AWS::Lambda::Permission", { Principal: "sns.amazonaws.com", SourceArn: topic })
    template.hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { STRATALOG_NUDGES_TOPIC: topic } },
    })
    const publish = statementsOf(template, "AWS::IAM::Policy", "sns:Publish")
    expect(publish).toMatchObject([{ of: expect.stringMatching(/^Publisher/), Effect: "Allow" }])
  })

  it("cost nothing while nobody appends: nobody polls the queue", () => {
    template.resourceCountIs("AWS::Lambda::EventSourceMapping", 0)
    template.resourceCountIs("AWS::KMS::Key", 0)
  })

  it("leave what failed for two weeks where somebody finds it", () => {
    template.hasResourceProperties("AWS::SQS::Queue", { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true })
    template.hasResource("AWS::SQS::Queue", { DeletionPolicy: "Delete" })
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      DestinationConfig: {
        OnFailure: { Destination: { "Fn::GetAtt": [Match.stringLikeRegexp("^UpkeepDeadLetters"), "Arn"] } },
      },
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 3600,
    })
    expect(statementsOf(template, "AWS::IAM::Policy", "sqs:SendMessage")).toMatchObject([
      { of: expect.stringMatching(/^Upkeep/) },
    ])
    // SNS writes there by itself, and only of this topic.
    expect(statementsOf(template, "AWS::SQS::QueuePolicy", "sqs:SendMessage")).toMatchObject([
      { Principal: { Service: "sns.amazonaws.com" }, Condition: { ArnEquals: { "aws:SourceArn": expect.anything() } } },
    ])
  })

  it("go by TLS alone", () => {
    const denied = { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }
    for (const type of ["AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"]) {
      template.hasResourceProperties(type, {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(denied)]) },
      })
    }
  })

  it("are encrypted with the key of the deployment, if it has one, which all that touch them may use", () => {
    const encrypted = alone(true)
    const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^Key"), "Arn"] }
    encrypted.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: key })
    encrypted.hasResourceProperties("AWS::SQS::Queue", { KmsMasterKeyId: key })
    for (const action of ["kms:Decrypt", "kms:GenerateDataKey*"]) {
      const byRole = statementsOf(encrypted, "AWS::IAM::Policy", action).map(({ of }) => String(of).slice(0, 6))
      expect(new Set(byRole), action).toEqual(new Set(["Publis", "Upkeep"]))
      const byKey = statementsOf(encrypted, "AWS::KMS::Key", action).map(({ Principal }) => Principal)
      expect(byKey, action).toContainEqual({ Service: "sns.amazonaws.com" })
    }
  })
})

describe("the service", () => {
  it.each([{}, { frontDoor: "function-url" }])("nudges upkeep by the function that appends: %j", (context) => {
    const { service } = synthesize(context)
    const told = Object.entries(service.findResources("AWS::Lambda::Function"))
      .filter(([, { Properties }]) => Properties.Environment?.Variables?.STRATALOG_NUDGES_TOPIC !== undefined)
      .map(([name]) => name)
    expect(told).toEqual([expect.stringMatching(/^Service(Produce|Api)/)])
    expect(statementsOf(service, "AWS::IAM::Policy", "sns:Publish")).toMatchObject([
      { of: expect.stringMatching(/^Service(Produce|Api)Role/) },
    ])
    service.resourceCountIs("AWS::SNS::Subscription", 1)
  })
})
