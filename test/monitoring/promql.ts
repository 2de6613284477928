/** What an expression of PromQL asks for, by the grammar that Prometheus' own editor uses. */
import { parser } from "@prometheus-io/lezer-promql"

export interface Selector {
  readonly metric: string
  /** The labels of its matchers. */
  readonly labels: readonly string[]
}

export interface Expression {
  readonly selectors: readonly Selector[]
  /** Labels that it groups by. */
  readonly grouped: readonly string[]
}

/** Throws where it is none. */
export function parsePromql(text: string): Expression {
  const selectors: { metric: string; labels: string[] }[] = []
  const grouped: string[] = []
  let isGrouping = false
  parser.parse(text).iterate({
    enter: ({ type, name, from, to }) => {
      if (type.isError) throw new Error(`at ${from} of ${text}`)
      const said = text.slice(from, to)
      if (name === "VectorSelector") selectors.push({ metric: "", labels: [] })
      if (name === "GroupingLabels") isGrouping = true
      const selector = selectors.at(-1)
      if (selector !== undefined && name === "Identifier" && selector.metric === "") selector.metric = said
      if (name !== "LabelName") return
      if (isGrouping) grouped.push(said)
      else selector?.labels.push(said)
    },
    leave: ({ name }) => {
      if (name === "GroupingLabels") isGrouping = false
    },
  })
  return { selectors, grouped }
}
