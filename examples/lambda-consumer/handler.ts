/** Writes an invoice for each order: what a Lambda function does when it is woken. */
import { Stratalog } from "stratalog"
import { type ConsumerFunction, consumerHandler } from "stratalog/lambda"
import { invoicesOf } from "./invoices.ts"

const log = new Stratalog({ url: process.env["STRATALOG_URL"] ?? "http://127.0.0.1:8080" })

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
