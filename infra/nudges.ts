/**
 * How a busy partition asks for upkeep before the schedule: an SNS topic calls its function. Not a queue, which Lambda would
 * poll day and night: nothing here costs anything while nobody appends.
 */
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib"
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import type { IKey } from "aws-cdk-lib/aws-kms"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations"
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns"
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions"
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs"
import type { Construct } from "constructs"
import { breakRule } from "./broken-rules.ts"

export interface Nudges {
  readonly topic: ITopic
  /** Calls of upkeep that failed: nudges that could not be delivered, runs that broke off, events that nobody knows. */
  readonly deadLetters: IQueue
}

export interface NudgeParties {
  /** The function that appends. */
  readonly publisher: LambdaFn
  readonly upkeep: LambdaFn
  /** Absent: SQS encrypts by a key of its own, and SNS keeps nothing. */
  readonly encryptionKey?: IKey | undefined
}

/** As long as SQS keeps anything. */
const RETENTION = Duration.days(14)
/** What is older is for the schedule. */
const MAX_AGE = Duration.hours(1)

export function openNudges(scope: Construct, { publisher, upkeep, encryptionKey }: NudgeParties): Nudges {
  const deadLetters = new Queue(scope, "UpkeepDeadLetters", {
    enforceSSL: true,
    retentionPeriod: RETENTION,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(encryptionKey === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
  })
  const topic = new Topic(scope, "Nudges", {
    displayName: "Partitions of Stratalog that ask for upkeep",
    enforceSSL: true,
    ...(encryptionKey !== undefined && { masterKey: encryptionKey }),
  })
  topic.addSubscription(new LambdaSubscription(upkeep, { deadLetterQueue: deadLetters }))
  // SNS and the schedules call it without waiting for it: what it throws would be seen by nobody.
  upkeep.configureAsyncInvoke({
    onFailure: new SqsDestination(deadLetters),
    retryAttempts: 1,
    maxEventAge: MAX_AGE,
  })
  breakRule(
    deadLetters,
    "SQS3",
    "It is a queue of dead letters itself: of a topic and a function, which the rule does not see.",
  )
  if (encryptionKey !== undefined) {
    encryptionKey.addToResourcePolicy(useBySns(scope))
    for (const party of [publisher, upkeep]) {
      for (const action of ["GenerateDataKey*", "ReEncrypt*"]) {
        breakRule(
          party.role ?? party,
          "IAM5",
          "The CDK grants the use of one key so: the variants of an action.",
          `Action::kms:${action}`,
        )
      }
    }
  }
  topic.grantPublish(publisher)
  publisher.addEnvironment("STRATALOG_NUDGES_TOPIC", topic.topicArn)
  return { topic, deadLetters }
}

/** SNS writes what it cannot deliver into the queue by itself. Not by the topic's name: the topic is made with the key. */
function useBySns(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
    principals: [new ServicePrincipal("sns.amazonaws.com")],
    resources: ["*"],
    conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
  })
}
