/** What stays of a deployment: its data when the functions go, and nothing when all of it goes. */
import { Stratalog } from "stratalog"
import type { LocalAws } from "../../tools/localstack/aws.ts"
import { localLogGroupOf } from "../../tools/localstack/function-logs.ts"
import { type DeployedFunction, deployedFunctions } from "../../tools/localstack/functions.ts"
import { inventoryOf } from "../../tools/localstack/inventory.ts"
import { deployStratalog, destroyStratalog } from "../../tools/localstack/stratalog.ts"
import type { Deployed } from "../../tools/localstack/urls.ts"
import { CHOICES } from "./choices.ts"

const VALUES = ["before", "the", "functions", "went"]

/** Whether what was written and committed before is there after the functions were deployed anew. */
export async function keepsDataWithoutFunctions(endpoint: string, { api, table }: Deployed): Promise<boolean> {
  const before = new Stratalog({ url: api })
  await before.topics.create("stays", { partitions: 1 })
  await before.topic("stays").produce(VALUES.map((value) => ({ value })))
  await before.group("stays").commit([{ topic: "stays", partition: 0, offset: 2 }])
  if (!(await destroyStratalog(endpoint, ["Stratalog"], ...CHOICES))) return false
  const again = await deployStratalog(endpoint, ...CHOICES)
  if (again === undefined) return false
  const after = new Stratalog({ url: again.api })
  const values: unknown[] = []
  for await (const { value } of after.topic("stays").read()) values.push(value)
  const committed = (await after.group("stays").committed()).map(({ offset }) => offset)
  const [next] = await after.topic("stays").produce([{ value: "after" }])
  const seen = { table: again.table, values, committed, next: next?.baseOffset }
  const wanted = { table, values: VALUES, committed: [2], next: VALUES.length }
  if (JSON.stringify(seen) === JSON.stringify(wanted)) return true
  console.error(
    `After the functions were deployed anew there is ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`,
  )
  return false
}

/** Of the CDK's bootstrap, which serves all apps of an account. */
const BOOTSTRAP = /cdk-hnb659fds|cdk-bootstrap|CDKToolkit/

/** Whether a throw-away deployment that is destroyed leaves the account as it was: with what it held `before`. */
export async function leavesNothing(aws: LocalAws, before: readonly string[]): Promise<boolean> {
  const during = await inventoryOf(aws)
  const stray = strayLogGroups(during, await deployedFunctions(aws))
  if (!(await destroyStratalog(aws.endpoint, ["--all"], ...CHOICES))) return false
  const left = (await inventoryOf(aws)).filter((each) => {
    return !before.includes(each) && !stray.has(each) && !BOOTSTRAP.test(each)
  })
  console.log(`${during.length - before.length} resources more than before the deployment; afterwards ${left.length}`)
  for (const each of left) console.error(`left behind: ${each}`)
  return left.length === 0
}

/**
 * What LocalStack logs to groups of its own, though the functions name others: on AWS those groups are not there. Those of
 * functions that are gone already were another deployment's, or one's before this.
 */
function strayLogGroups(inventory: readonly string[], functions: readonly DeployedFunction[]): ReadonlySet<string> {
  const named = (name: string) => `log group ${localLogGroupOf(name)}`
  const isThere = new Set(functions.map(({ name }) => named(name)))
  const ofOthers = inventory.filter((each) => each.startsWith(named("")) && !isThere.has(each))
  const itsOwn = functions.filter(({ name, logGroup }) => logGroup !== undefined && logGroup !== localLogGroupOf(name))
  return new Set([...ofOthers, ...itsOwn.map(({ name }) => named(name))])
}
