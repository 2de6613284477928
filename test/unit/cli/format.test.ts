import { describe, expect, it } from "vitest"
import { renderBytes } from "../../../sdk/cli/format/bytes.ts"
import { paintFor } from "../../../sdk/cli/format/paint.ts"
import { printable } from "../../../sdk/cli/format/printable.ts"
import { quantitiesFor } from "../../../sdk/cli/format/quantities.ts"
import { recordJson } from "../../../sdk/cli/format/record-json.ts"
import { type Column, Table, tableLines } from "../../../sdk/cli/format/table.ts"
import { parseTemplate, renderTemplate, type TemplateRecord } from "../../../sdk/cli/format/template.ts"

const plain = paintFor({ isTTY: false }, {}, true)
const coloured = paintFor({ isTTY: true }, {}, true)
const bytes = (text: string) => new TextEncoder().encode(text)
const NOT_UTF8 = Uint8Array.of(0xff, 0xfe)

describe("a table", () => {
  const columns: Column<{ readonly name: string; readonly n: number }>[] = [
    { header: "NAME", cell: (row) => row.name },
    { header: "N", align: "right", cell: (row) => String(row.n) },
  ]

  it("aligns its columns and ends no line in blanks", () => {
    const rows = [
      { name: "a", n: 1 },
      { name: "bcdef", n: 100 },
    ]
    expect(tableLines(columns, rows, plain)).toEqual(["NAME     N", "a        1", "bcdef  100"])
  })

  it("aligns coloured cells by what is seen", () => {
    const [header, row] = tableLines(
      [{ header: "AB", cell: () => coloured("red", "x") }, ...columns.slice(0, 1)],
      [{ name: "n", n: 1 }],
      plain,
    )
    expect(header).toBe("AB  NAME")
    expect(row).toBe(`${coloured("red", "x")}   n`)
  })

  it("grows with a later row", () => {
    const table = new Table(columns, plain)
    expect(table.header([{ name: "a", n: 1 }])).toEqual(["NAME  N"])
    expect(table.row({ name: "longer", n: 2 })).toBe("longer  2")
    expect(table.row({ name: "a", n: 3 })).toBe("a       3")
  })
})

describe("colour", () => {
  it("is for terminals where nobody objects", () => {
    expect(coloured("bold", "x")).not.toBe("x")
    expect(plain("bold", "x")).toBe("x")
    expect(paintFor({ isTTY: true }, { NO_COLOR: "1" }, true)("bold", "x")).toBe("x")
    expect(paintFor({ isTTY: true }, { NO_COLOR: "" }, true)("bold", "x")).not.toBe("x")
    expect(paintFor({ isTTY: true }, { TERM: "dumb" }, true)("bold", "x")).toBe("x")
    expect(paintFor({ isTTY: true }, {}, false)("bold", "x")).toBe("x")
  })
})

describe("quantities", () => {
  it("are readable on a terminal", () => {
    const show = quantitiesFor(true)
    expect(show.bytes(512)).toBe("512 B")
    expect(show.bytes(1536)).toBe("1.5 KiB")
    expect(show.bytes(1024 ** 4)).toBe("1.0 TiB")
    expect(show.count(1234567)).toBe("1,234,567")
    expect(show.time(Date.UTC(2026, 0, 2, 3))).toMatch(/^2026-01-0\d \d\d:00:00\.000$/)
  })

  it("are exact in a pipe", () => {
    const show = quantitiesFor(false)
    expect(show.bytes(1536)).toBe("1536")
    expect(show.time(1_500)).toBe("1970-01-01T00:00:01.500Z")
    expect(show.time(-1)).toBe("-1")
    expect(show.time(1e300)).toBe("1e+300")
  })
})

describe("text from outside", () => {
  it("cannot move the cursor, ring or turn text around", () => {
    expect(printable("a\u001b[31mb\u0007\n\u202ec\u009b")).toBe("a\\u001b[31mb\\u0007\\n\\u202ec\\u009b")
    expect(printable("Grüße, 世界 🎉")).toBe("Grüße, 世界 🎉")
  })
})

describe("bytes", () => {
  it("come back as JSON with all digits of their numbers", () => {
    expect(renderBytes(bytes('{"id":12345678901234567890}'), "json").json).toBe('{"id":12345678901234567890}')
    expect(renderBytes(bytes('{\n "a": 1\n}'), "json").text).toBe('{"a":1}')
  })

  it("that do not decode are base64 and say so", () => {
    expect(renderBytes(NOT_UTF8, "utf8")).toEqual({ kind: "undecodable", json: '"//4="', text: "//4=" })
    expect(renderBytes(bytes("{"), "json").kind).toBe("undecodable")
    expect(renderBytes(NOT_UTF8, "base64").kind).toBe("value")
  })
})

const record: TemplateRecord = {
  topic: "orders",
  partition: 1,
  offset: 42,
  timestamp: 1_500,
  key: bytes("u1"),
  value: NOT_UTF8,
  headers: [
    ["a", bytes("1")],
    ["b", null],
  ],
}

describe("a record as JSON", () => {
  it("marks what does not decode and keeps the order of headers", () => {
    expect(JSON.parse(recordJson(record, { key: "utf8", value: "json" }))).toEqual({
      topic: "orders",
      partition: 1,
      offset: 42,
      timestamp: 1_500,
      key: "u1",
      value: "//4=",
      valueEncoding: "base64",
      headers: [
        ["a", "1"],
        ["b", null],
      ],
    })
  })

  it("leaves out what there is not", () => {
    const bare = { offset: 0, timestamp: 1, key: null, value: null, headers: [] }
    expect(recordJson(bare, { key: "utf8", value: "json" })).toBe('{"offset":0,"timestamp":1,"key":null,"value":null}')
  })
})

describe("a template", () => {
  it("names every part of a record and passes bytes through", () => {
    const template = parseTemplate("%t/%p:%o %k=%v %h %T%%\\n")
    if (template.kind !== "template") throw new Error(template.reason)
    const expected = [bytes("orders/1:42 u1="), NOT_UTF8, bytes(" a=1,b= 1500%\n")]
    expect(Buffer.from(renderTemplate(template.parts, record))).toEqual(Buffer.concat(expected))
  })

  it.each(["%x", "%", "a\\q", "\\"])("%j means nothing", (text) => {
    expect(parseTemplate(text)).toMatchObject({ kind: "invalid", reason: expect.stringContaining("%t topic") })
  })
})
