/** Whom alarms tell. */
import { Stack } from "aws-cdk-lib"
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch"
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions"
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { Topic } from "aws-cdk-lib/aws-sns"
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions"
import type { Construct } from "constructs"
import type { AlarmsSetting } from "./settings.ts"

export function actionsOf(scope: Construct, alarms: AlarmsSetting): readonly IAlarmAction[] {
  if (typeof alarms !== "string") return alarms
  return alarms === "on" ? [] : [new SnsAction(topicTo(scope, alarms))]
}

/** Without a key of one's own, which CloudWatch would have to be let use: messages name alarms and figures, and no records. */
function topicTo(scope: Construct, address: string): Topic {
  const topic = new Topic(scope, "Topic", { displayName: "Alarms of Stratalog", enforceSSL: true })
  topic.addSubscription(new EmailSubscription(address))
  // A topic with a policy of its own has lost the one that lets the services of its account publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      actions: ["sns:Publish"],
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      resources: [topic.topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
  )
  return topic
}
