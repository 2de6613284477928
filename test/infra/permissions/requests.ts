/** What AWS asks a caller's policies for, by the requests that its SDK sends. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import type { S3Client } from "@aws-sdk/client-s3"
import { type Fields, fieldsOf, listOf } from "./fields.ts"

/** One question to the policies. */
export interface AuthorizedRequest {
  readonly action: string
  readonly resource: string
  /** The values of `dynamodb:LeadingKeys`; absent where the request has none. */
  readonly leadingKeys?: readonly string[]
}

/** What a function's clients sent. */
export class RequestRecorder {
  readonly #seen = new Map<string, AuthorizedRequest>()

  get requests(): readonly AuthorizedRequest[] {
    return [...this.#seen.values()]
  }

  readonly adaptDynamoDb = (client: DynamoDBClient): void => {
    client.middlewareStack.add(
      (next, context) => (args) => {
        for (const request of dynamoDbRequests(nameOf(context), args.input)) this.#add(request)
        return next(args)
      },
      { step: "initialize", name: "recordRequests" },
    )
  }

  readonly adaptS3 = (client: S3Client): void => {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        for (const request of s3Requests(nameOf(context), args.input)) this.#add(request)
        try {
          return await next(args)
        } catch (error) {
          // Whoever may not list is told that access is denied, and not that nothing is there.
          if (error instanceof Error && error.name === "NoSuchKey") this.#add(listing(args.input))
          throw error
        }
      },
      { step: "initialize", name: "recordRequests" },
    )
  }

  #add(request: AuthorizedRequest): void {
    this.#seen.set(JSON.stringify(request), request)
  }
}

function dynamoDbRequests(command: string, input: object): readonly AuthorizedRequest[] {
  const fields: Fields = { ...input }
  switch (command) {
    case "GetItem":
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
      return [itemRequest(command, fields)]
    case "Query":
      return [itemRequest(command, { TableName: fields["TableName"], Key: { pk: queriedKey(fields) } })]
    case "BatchGetItem":
      return perTable(fields, command, (each) => listOf(fieldsOf(each)["Keys"]))
    case "BatchWriteItem":
      return perTable(fields, command, (each) => listOf(each).map(writtenKey))
    // Judged by what it consists of.
    case "TransactWriteItems":
      return listOf(fields["TransactItems"]).flatMap((item) =>
        Object.entries(fieldsOf(item)).map(([kind, each]) =>
          itemRequest(kind === "ConditionCheck" ? "ConditionCheckItem" : `${kind}Item`, fieldsOf(each)),
        ),
      )
    default:
      return [{ action: `dynamodb:${command}`, resource: tableArn(fields["TableName"]) }]
  }
}

function itemRequest(command: string, { TableName, Key, Item }: Fields): AuthorizedRequest {
  const leadingKeys = [textOf(fieldsOf(Key ?? Item)["pk"])]
  return { action: `dynamodb:${command}`, resource: tableArn(TableName), leadingKeys }
}

/** The value that the condition compares the partition key with. */
function queriedKey(fields: Fields): unknown {
  const [, name] = /\bpk = (:\w+)/.exec(String(fields["KeyConditionExpression"])) ?? []
  return fieldsOf(fields["ExpressionAttributeValues"])[String(name)]
}

function perTable(
  fields: Fields,
  command: string,
  keysOf: (each: unknown) => readonly unknown[],
): readonly AuthorizedRequest[] {
  return Object.entries(fieldsOf(fields["RequestItems"])).map(([table, each]) => ({
    action: `dynamodb:${command}`,
    resource: tableArn(table),
    leadingKeys: [...new Set(keysOf(each).map((key) => textOf(fieldsOf(key)["pk"])))],
  }))
}

function writtenKey(write: unknown): unknown {
  const { PutRequest, DeleteRequest } = fieldsOf(write)
  return fieldsOf(PutRequest)["Item"] ?? fieldsOf(DeleteRequest)["Key"]
}

function s3Requests(command: string, input: object): readonly AuthorizedRequest[] {
  const fields: Fields = { ...input }
  const object = (key: unknown) => `arn:aws:s3:::${String(fields["Bucket"])}/${String(key)}`
  switch (command) {
    case "GetObject":
    case "PutObject":
      return [{ action: `s3:${command}`, resource: object(fields["Key"]) }]
    case "DeleteObjects":
      return listOf(fieldsOf(fields["Delete"])["Objects"]).map((each) => ({
        action: "s3:DeleteObject",
        resource: object(fieldsOf(each)["Key"]),
      }))
    case "ListObjectsV2":
      return [listing(input)]
    default:
      throw new Error(`which actions does ${command} need?`)
  }
}

function listing(input: object): AuthorizedRequest {
  const fields: Fields = { ...input }
  return { action: "s3:ListBucket", resource: `arn:aws:s3:::${String(fields["Bucket"])}` }
}

export function tableArn(table: unknown): string {
  return `arn:aws:dynamodb:us-east-1:123456789012:table/${String(table)}`
}

function nameOf(context: { readonly commandName?: string }): string {
  return context.commandName?.replace(/Command$/, "") ?? ""
}

function textOf(attribute: unknown): string {
  const { S: text } = fieldsOf(attribute)
  if (typeof text !== "string") throw new Error(`no partition key: ${JSON.stringify(attribute)}`)
  return text
}
