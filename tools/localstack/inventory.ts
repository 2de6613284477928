/** All that an account holds of the kinds that a deployment makes, and some that nobody expects it to make. */
import { elementsOf, type LocalAws, listAt, valueAt } from "./aws.ts"
import { stacksOn } from "./stacks.ts"

type List = (aws: LocalAws) => Promise<readonly string[]>

const json =
  (service: string, target: string, list: string, name?: string): List =>
  async (aws) =>
    listAt(await aws.json(service, target), list).map((each) => String(name === undefined ? each : valueAt(each, name)))

const form =
  (service: string, version: string, action: string, element: string, more = {}): List =>
  async (aws) =>
    elementsOf(await aws.form(service, { Action: action, Version: version, ...more }), element)

const at =
  (service: string, path: string, list: string, name: string): List =>
  async (aws) =>
    listAt(await (await aws.at(service, "GET", path)).json(), list).map((each) => String(valueAt(each, name)))

const KINDS: Readonly<Record<string, List>> = {
  table: json("dynamodb", "DynamoDB_20120810.ListTables", "TableNames"),
  bucket: async (aws) => {
    const xml = await (await aws.at("s3", "GET", "/")).text()
    return elementsOf(xml, "Name")
  },
  function: at("lambda", "/2015-03-31/functions/", "Functions", "FunctionName"),
  "event source": at("lambda", "/2015-03-31/event-source-mappings/", "EventSourceMappings", "EventSourceArn"),
  "REST API": at("apigateway", "/restapis", "item", "id"),
  "log group": json("logs", "Logs_20140328.DescribeLogGroups", "logGroups", "logGroupName"),
  "SNS topic": form("sns", "2010-03-31", "ListTopics", "TopicArn"),
  "SNS subscription": form("sns", "2010-03-31", "ListSubscriptions", "SubscriptionArn"),
  queue: json("sqs", "AmazonSQS.ListQueues", "QueueUrls"),
  rule: json("events", "AWSEvents.ListRules", "Rules", "Name"),
  role: form("iam", "2010-05-08", "ListRoles", "RoleName"),
  policy: form("iam", "2010-05-08", "ListPolicies", "PolicyName", { Scope: "Local" }),
  alarm: form("cloudwatch", "2010-08-01", "DescribeAlarms", "AlarmName"),
  key: json("kms", "TrentService.ListKeys", "Keys", "KeyId"),
  parameter: json("ssm", "AmazonSSM.DescribeParameters", "Parameters", "Name"),
  stack: stacksOn,
}

/** Such as `table Stratalog-Table-1`, in order. */
export async function inventoryOf(aws: LocalAws): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(KINDS).map(async ([kind, list]) => (await list(aws)).map((name) => `${kind} ${name}`)),
  )
  return found.flat().sort()
}
