/** The SNS topic that hears of appends. */
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam"
import type { IKey } from "aws-cdk-lib/aws-kms"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import { Topic } from "aws-cdk-lib/aws-sns"
import type { Construct } from "constructs"

/** `publisher`: the function that appends. */
export function openNews(scope: Construct, publisher: LambdaFn, encryptionKey?: IKey): Topic {
  const topic = new Topic(scope, "News", {
    displayName: "Appends of Stratalog",
    enforceSSL: true,
    ...(encryptionKey && { masterKey: encryptionKey }),
  })
  // The publisher may use the key already.
  publisher.addToRolePolicy(
    new PolicyStatement({ effect: Effect.ALLOW, actions: ["sns:Publish"], resources: [topic.topicArn] }),
  )
  publisher.addEnvironment("STRATALOG_NEWS_TOPIC", topic.topicArn)
  return topic
}
