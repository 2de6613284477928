/** What a template allows its functions, judged as AWS judges it: so much of IAM as these policies use, and no more. */
import type { Template } from "aws-cdk-lib/assertions"
import { fieldsOf, listOf } from "./fields.ts"
import type { AuthorizedRequest } from "./requests.ts"

export interface Statement {
  readonly effect: "Allow" | "Deny"
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** By operator and key. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** The statements of the role whose function has this name. `resolve` gives a text for what the template refers to. */
export function statementsOf(template: Template, name: string, resolve: (value: unknown) => string): Statement[] {
  const policies = Object.entries(template.findResources("AWS::IAM::Policy")).filter(([id]) =>
    id.startsWith(`Service${name}RoleDefaultPolicy`),
  )
  return policies.flatMap(([, { Properties }]) =>
    listOf(fieldsOf(fieldsOf(Properties)["PolicyDocument"])["Statement"]).map((each) => statementOf(each, resolve)),
  )
}

function statementOf(statement: unknown, resolve: (value: unknown) => string): Statement {
  const { Effect, Action, Resource, Condition, ...rest } = fieldsOf(statement)
  if (Object.keys(rest).length > 0) throw new Error(`nobody looks at ${Object.keys(rest)}`)
  return {
    effect: Effect === "Allow" ? "Allow" : "Deny",
    actions: [Action].flat().map(String),
    resources: [Resource].flat().map(resolve),
    conditions: Object.fromEntries(
      Object.entries(fieldsOf(Condition)).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(fieldsOf(keys)).map(([key, values]) => [key, [values].flat().map(String)])),
      ]),
    ),
  }
}

/** Denied unless something allows it, and whatever something denies. */
export function allows(statements: readonly Statement[], request: AuthorizedRequest): boolean {
  const matching = statements.filter((statement) => matches(statement, request))
  return matching.some(({ effect }) => effect === "Allow") && matching.every(({ effect }) => effect === "Allow")
}

function matches({ actions, resources, conditions }: Statement, request: AuthorizedRequest): boolean {
  return (
    actions.some((action) => isLike(request.action, action)) &&
    resources.some((resource) => isLike(request.resource, resource)) &&
    Object.entries(conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, valuesOf(request, key), values)),
    )
  )
}

function valuesOf(request: AuthorizedRequest, key: string): readonly string[] | undefined {
  if (key !== "dynamodb:LeadingKeys") throw new Error(`nobody knows the condition key ${key}`)
  return request.leadingKeys
}

/** `ForAllValues` is true, too, where the request has no value. */
function holds(operator: string, found: readonly string[] | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case "ForAllValues:StringLike":
      return (found ?? []).every((value) => wanted.some((pattern) => isLike(value, pattern)))
    case "Null":
      return wanted.includes(String(found === undefined || found.length === 0))
    default:
      throw new Error(`nobody knows the operator ${operator}`)
  }
}

/** `*` stands for any text, `?` for one character. */
export function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&")
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text)
}

/**
 * What intrinsic functions of a template stand for: `Ref` and `Fn::GetAtt` by `named`, imports by the outputs of the template
 * that exports them.
 */
export function resolver(exporting: Template, named: (id: string, attribute: string) => string) {
  const exported = new Map(
    Object.values(exporting.findOutputs("*")).map(({ Export, Value }) => [fieldsOf(Export)["Name"], Value]),
  )
  const resolve = (value: unknown): string => {
    if (typeof value === "string") return value
    const [[name, argument] = []] = Object.entries(fieldsOf(value))
    switch (name) {
      case "Ref":
        return named(String(argument), "Ref")
      case "Fn::GetAtt":
        return named(String(listOf(argument)[0]), String(listOf(argument)[1]))
      case "Fn::ImportValue":
        return resolve(exported.get(argument))
      case "Fn::Join":
        return listOf(listOf(argument)[1])
          .map(resolve)
          .join(String(listOf(argument)[0]))
      default:
        throw new Error(`what does ${JSON.stringify(value)} stand for?`)
    }
  }
  return resolve
}
