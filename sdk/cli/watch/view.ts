/** What `strata top` and `strata lag` show: the looks so far as a picture. */
import type { Stratalog } from "../../client/stratalog.ts"
import { adviceFor } from "../advice.ts"
import { exitCodes } from "../exit-codes.ts"
import { Failure } from "../failure.ts"
import type { Session } from "../session.ts"
import { type Section, type Table, tableSection } from "./fit-table.ts"
import { groupRows, lagRows, memberRows } from "./group-rows.ts"
import { headLines, untoldLines } from "./head.ts"
import { layOut, type Size } from "./lay-out.ts"
import type { Look, ServiceLook } from "./look.ts"
import { type Details, lookJson } from "./look-json.ts"
import { nextOrder, type Order, orderedPaces, orderedTopics } from "./order.ts"
import type { Scope } from "./scope.ts"
import { type Seen, seeing } from "./seen.ts"
import { ServiceWatch } from "./service-watch.ts"
import { groupTable, lagTable, memberTable, type Style, topicTable } from "./tables.ts"
import { takeLook } from "./take-look.ts"
import { topicRows } from "./topic-rows.ts"
import type { Trouble } from "./trouble.ts"
import type { Watched } from "./watched.ts"

export interface ViewOptions {
  readonly title: string
  readonly scope: Scope
  readonly details: Details
  readonly order: Order
  /** Milliseconds; undefined: there is one look. */
  readonly intervalMs: number | undefined
}

export class View implements Watched {
  readonly #session: Session
  readonly #options: ViewOptions
  readonly #log: Stratalog
  readonly #style: Style
  #order: Order
  #seen: Seen | undefined
  readonly #serviceWatch: ServiceWatch | undefined
  #service: ServiceLook | undefined

  constructor(session: Session, options: ViewOptions) {
    this.#session = session
    this.#options = options
    this.#order = options.order
    this.#log = session.connect()
    this.#serviceWatch = options.details === "topics" ? new ServiceWatch(session, this.#log) : undefined
    const { paint, show, out } = session
    this.#style = { paint, show, isTerminal: out.isTerminal, hasRates: options.intervalMs !== undefined }
  }

  async look(stop: AbortSignal): Promise<void> {
    const { scope } = this.#options
    const [look, service] = await Promise.all([
      takeLook(this.#log, scope, this.#session.io.now, stop),
      this.#serviceWatch?.look(stop),
    ])
    if (this.#seen === undefined) refuseUnknown(look)
    this.#seen = seeing(this.#seen, look)
    this.#service = service
  }

  lines(size: Size | undefined, trouble: Trouble | undefined): readonly string[] {
    const seen = this.#seen
    return seen === undefined ? [] : layOut(this.#head(seen, trouble), this.#sections(seen), size)
  }

  json(): object {
    const { details } = this.#options
    return this.#seen === undefined ? {} : lookJson(this.#seen, this.#service, { order: this.#order, details })
  }

  onKey(key: string): void {
    if (key === "s") this.#order = nextOrder(this.#order)
  }

  #head({ look }: Seen, trouble: Trouble | undefined): readonly string[] {
    const { title, intervalMs } = this.#options
    if (intervalMs === undefined) return untoldLines(look)
    const { url, io } = this.#session
    const heading = { title, url, look, service: this.#service, trouble, order: this.#order, intervalMs, now: io.now() }
    return headLines(heading, this.#style)
  }

  #sections(seen: Seen): readonly Section[] {
    const groups = groupTable(orderedPaces(groupRows(seen), this.#order), this.#style)
    const several = seen.look.groups.length > 1
    switch (this.#options.details) {
      case "topics":
        return [
          this.#section(topicTable(orderedTopics(topicRows(seen), this.#order), this.#style)),
          this.#section(groups),
        ]
      case "partitions": {
        const rows = orderedPaces(lagRows(seen), this.#order)
        return [this.#section(groups), this.#section(lagTable(rows, several, this.#style))]
      }
      case "members": {
        const rows = orderedPaces(memberRows(seen), this.#order)
        return [this.#section(groups), this.#section(memberTable(rows, several, this.#style))]
      }
      case "none":
        return [this.#section(groups)]
    }
  }

  #section<Row>(table: Table<Row>): Section {
    return tableSection(table, this.#style.paint)
  }
}

/** A group that goes while it is watched is shown as gone; one that never was is a mistake. */
function refuseUnknown({ groups }: Look): void {
  const unknown = groups.find(({ state }) => state === "Gone")
  if (unknown === undefined) return
  const advice = adviceFor("group_not_found")
  throw new Failure(exitCodes.refused, {
    code: "group_not_found",
    detail: `There is no group "${unknown.group}".`,
    ...(advice === undefined ? {} : { advice }),
  })
}
