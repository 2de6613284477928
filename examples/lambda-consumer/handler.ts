/** Writes an invoice for each order: what a Lambda function does when it is woken. */
import { Stratalog } from "stratalog"
import { environmentCredentials, signedFetch } from "stratalog/aws"
import { type ConsumerFunction, consumerHandler } from "stratalog/lambda"
import { invoicesOf } from "./invoices.ts"

const { env } = process
/** As the function's role, which the deployment lets in. */
const fetch = signedFetch({ credentials: environmentCredentials(env), region: env["AWS_REGION"] })
const log = new Stratalog({ url: env["STRATALOG_URL"] ?? "http://127.0.0.1:8080", fetch })

export const handler: ConsumerFunction = consumerHandler(log, {
  group: "invoices",
  topics: ["orders"],
  deadLetterTopic: "orders-dead",
  eachBatch: async ({ partition, records }) => {
    const { invoices, failures } = invoicesOf(partition, records)
    if (invoices.length > 0) await log.topic("invoices").produce(invoices)
    return { batchItemFailures: failures }
  },
})
