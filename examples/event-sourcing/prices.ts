/** Prices of shares in a compacted topic: whoever reads it to the end knows the latest of each symbol. */
import { readFile } from "node:fs/promises"
import type { Stratalog } from "stratalog"
import * as z from "zod"
import { sendAll } from "../program/send-all.ts"

/** A price at the beginning of a month, in cents. `month` is the month's number since January 2000. */
export const priceSchema = z.object({ symbol: z.string().min(1), month: z.int().min(0), cents: z.int().min(1) })
export type Price = z.infer<typeof priceSchema>

export const PRICES = "stock-prices"

export function stockPrices(log: Stratalog) {
  return log.topic(PRICES, { key: z.string(), value: priceSchema })
}

/** Real prices from January 2000 to March 2010, by month: the package vega-datasets carries them. */
export async function loadPrices(): Promise<Price[]> {
  const file = new URL("../data/stocks.csv", import.meta.resolve("vega-datasets"))
  return parsePrices(await readFile(file, "utf8"))
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
const row = z.tuple([
  z.string().min(1),
  z.templateLiteral([z.enum(MONTHS), " 1 ", z.number()]),
  z.coerce.number<string>().positive(),
])

/** Lines such as `MSFT,Jan 1 2000,39.81`, the first of them a heading. */
export function parsePrices(csv: string): Price[] {
  const lines = csv.trim().split("\n").slice(1)
  const prices = lines.map((line): Price => {
    const [symbol, date, dollars] = row.parse(line.trim().split(","))
    const month = MONTHS.indexOf(date.slice(0, 3)) + 12 * (Number(date.slice(6)) - 2000)
    return { symbol, month, cents: Math.round(dollars * 100) }
  })
  return prices.sort((a, b) => a.month - b.month)
}

/** Such as `2004-08`. */
export function monthName(month: number): string {
  return `${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`
}

/** Publishes the prices that are not in the log yet; gives their number. */
export async function publishPrices(log: Stratalog, prices: readonly Price[]): Promise<number> {
  let newest = -1
  for await (const { value } of stockPrices(log).read()) newest = Math.max(newest, value.month)
  const news = prices.filter(({ month }) => month > newest)
  await using producer = stockPrices(log).producer({ compressionType: "gzip" })
  await sendAll(producer, records(news))
  return news.length
}

async function* records(prices: readonly Price[]) {
  for (const price of prices) yield { key: price.symbol, value: price }
}
