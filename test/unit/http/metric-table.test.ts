import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { metricTable } from "../../../functions/http/metrics/table/all.ts"

const functions = new URL("../../../functions/", import.meta.url)

const metrics = Object.values(metricTable).flat()

describe("the table of metrics", () => {
  it("names each once, as Prometheus wants it", () => {
    const names = metrics.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^(stratalog|process|nodejs)(_[a-z0-9]+)+$/.test(name))).toEqual([])
    const labels = metrics.flatMap((metric) => metric.labels)
    expect(labels.filter((label) => !/^[a-z]+$/.test(label) || label === "le")).toEqual([])
  })

  it("says type and unit in the name", () => {
    for (const { name, type, unit } of metrics) {
      expect(name.endsWith("_total"), name).toBe(type === "counter")
      if (unit === "bytes") expect(name).toMatch(/bytes(_total)?$/)
      if (unit === "dollars") expect(name).toMatch(/dollars_total$/)
      if (unit === "seconds" || unit === "time") expect(name).toMatch(/seconds(_total)?$/)
    }
  })

  it("has no row that nobody tells", () => {
    const files = readdirSync(functions, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))
    const textOf = (file: string) => readFileSync(new URL(file, functions), "utf8")
    const isRow = (file: string) => file.startsWith("http/metrics/table/")
    const told = files
      .filter((file) => !isRow(file))
      .map(textOf)
      .join("\n")
    const names = files.filter(isRow).flatMap((file) => [...textOf(file).matchAll(/^export const (\w+): Metric</gm)])
    expect(names.length).toBeGreaterThan(40)
    expect(names.map(([, name = ""]) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(told))).toEqual([])
  })

  it("explains each in a line of sentences", () => {
    expect(metrics.filter(({ help }) => !/^[A-Z0-9][^\n\\]*\.$/.test(help))).toEqual([])
  })
})
