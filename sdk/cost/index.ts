/** What things cost on AWS, as data and arithmetic. */
export { type Prices, prices } from "./prices.ts"
export { entriesPerRoll, readUnits, type TailShape, tailUnits, writeUnits } from "./units.ts"
