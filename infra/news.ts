/** The SNS topic that hears of appends. */
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import { Topic } from "aws-cdk-lib/aws-sns"
import type { Construct } from "constructs"

/** `publisher`: the function that appends. */
export function openNews(scope: Construct, publisher: LambdaFn): Topic {
  const topic = new Topic(scope, "News", { displayName: "Appends of Stratalog", enforceSSL: true })
  topic.grantPublish(publisher)
  publisher.addEnvironment("STRATALOG_NEWS_TOPIC", topic.topicArn)
  return topic
}
