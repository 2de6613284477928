/** `npm run localstack:deploy`: the same stack on a LocalStack that runs. Arguments go to the CDK, such as `-- -c news=true`. */
import { isUp, localStackEndpoint } from "./cdk.ts"
import { deployStratalog } from "./stratalog.ts"

process.exitCode = await main()

async function main(): Promise<number> {
  const endpoint = localStackEndpoint()
  if (!(await isUp(endpoint))) return 1
  const deployed = await deployStratalog(endpoint, ...process.argv.slice(2))
  if (deployed === undefined) return 1
  const { api, table, bucket, newsTopic } = deployed
  console.log("\nThe outputs above have the addresses that AWS would give. Here it is:")
  console.log(`\nStratalog on LocalStack: ${api}\n  table ${table}, bucket ${bucket}`)
  if (newsTopic !== undefined) console.log(`  news of appends ${newsTopic}`)
  console.log(`\nTry it:\n\n  curl -X PUT ${api}/v1/topics/orders --json '{"partitions":3}'`)
  return 0
}
