/** `npm run localstack:deploy`: the same stack on a LocalStack that runs. Arguments go to the CDK, such as `-- -c news=true`. */
import { localAws } from "./aws.ts"
import { isUp, localStackEndpoint } from "./cdk.ts"
import { type FirstKey, firstKey } from "./first-key.ts"
import { deployStratalog } from "./stratalog.ts"

process.exitCode = await main()

async function main(): Promise<number> {
  const endpoint = localStackEndpoint()
  if (!(await isUp(endpoint))) return 1
  const deployed = await deployStratalog(endpoint, ...process.argv.slice(2))
  if (deployed === undefined) return 1
  const { api, table, bucket, newsTopic, keyMaker } = deployed
  console.log("\nThe outputs above have the addresses that AWS would give. Here it is:")
  console.log(`\nStratalog on LocalStack: ${api}\n  table ${table}, bucket ${bucket}`)
  if (newsTopic !== undefined) console.log(`  news of appends ${newsTopic}`)
  const authorized = keyMaker === undefined ? "" : ' -H "Authorization: Bearer $STRATALOG_API_KEY"'
  if (keyMaker !== undefined) console.log(`\n${sayKey(await firstKey(localAws(endpoint), keyMaker))}`)
  console.log(`\nTry it:\n\n  curl -X PUT ${api}/v1/topics/orders --json '{"partitions":3}'${authorized}`)
  return 0
}

function sayKey({ key, error }: FirstKey): string {
  if (key === undefined) return `Callers need a key. ${error}`
  return `Callers need a key. The first one, of a super-user, is shown this once:\n\n  export STRATALOG_API_KEY=${key}`
}
