/** The functions of a deployment, as Lambda tells of them. */
import { type LocalAws, listAt, valueAt } from "./aws.ts"

export interface DeployedFunction {
  readonly name: string
  /** Where its configuration sends what it logs. */
  readonly logGroup: string | undefined
  readonly variables: Readonly<Record<string, string>>
}

export async function deployedFunctions(aws: LocalAws): Promise<readonly DeployedFunction[]> {
  const listed = await (await aws.at("lambda", "GET", "/2015-03-31/functions/")).json()
  return listAt(listed, "Functions").map((each) => ({
    name: String(valueAt(each, "FunctionName")),
    logGroup: textOf(valueAt(valueAt(each, "LoggingConfig"), "LogGroup")),
    variables: variablesOf(valueAt(valueAt(each, "Environment"), "Variables")),
  }))
}

/** Where the log lies that a LocalStack's functions serve. Throws where there is none, or more than one. */
export async function onlyStorageOn(aws: LocalAws): Promise<{ readonly table: string; readonly bucket: string }> {
  const found = new Map<string, string>()
  for (const { variables } of await deployedFunctions(aws)) {
    const { STRATALOG_TABLE, STRATALOG_BUCKET } = variables
    if (STRATALOG_TABLE && STRATALOG_BUCKET) found.set(STRATALOG_TABLE, STRATALOG_BUCKET)
  }
  const [only, ...others] = found
  if (only === undefined || others.length > 0) throw new Error(`${found.size} logs are deployed on ${aws.endpoint}.`)
  const [table, bucket] = only
  return { table, bucket }
}

/** Those that serve or keep up the log of this table. */
export async function functionsOf(aws: LocalAws, table: string): Promise<readonly DeployedFunction[]> {
  return (await deployedFunctions(aws)).filter(({ variables }) => variables["STRATALOG_TABLE"] === table)
}

/** Whether it keeps up the log, and serves nobody. */
export function isUpkeep({ name }: DeployedFunction): boolean {
  return name.includes("Upkeep")
}

export async function upkeepFunctionOf(aws: LocalAws, table: string): Promise<DeployedFunction> {
  const found = (await functionsOf(aws, table)).find(isUpkeep)
  if (found === undefined) throw new Error(`No function keeps up the log of ${table}.`)
  return found
}

/** Environments that run go on with their old ones until they are done; resolves when new ones begin with these. */
export async function setVariables(
  aws: LocalAws,
  { name, variables }: DeployedFunction,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const Environment = { Variables: { ...variables, ...more } }
  await aws.at("lambda", "PUT", `/2015-03-31/functions/${name}/configuration`, { Environment })
  for (;;) {
    const told = await (await aws.at("lambda", "GET", `/2015-03-31/functions/${name}/configuration`)).json()
    if (valueAt(told, "LastUpdateStatus") !== "InProgress") return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export interface Invoked {
  /** What the function's error was, where it ended in one: `Unhandled`. */
  readonly failure: string | undefined
  readonly body: string
}

export async function invoke(aws: LocalAws, name: string, event: object): Promise<Invoked> {
  const response = await aws.at("lambda", "POST", `/2015-03-31/functions/${name}/invocations`, event)
  return { failure: response.headers.get("x-amz-function-error") ?? undefined, body: await response.text() }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined
}

function variablesOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
}
