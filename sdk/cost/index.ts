/** What things cost on AWS, as data and arithmetic. */
export { decidePlacement, type PlacementKind, type PlacementQuestion, placementCost } from "./placement.ts"
export { dynamoDbPlacementLimits, type PlacementLimits, type PlacementWish } from "./placement-limits.ts"
export { type Prices, prices } from "./prices.ts"
export { entriesPerRoll, readUnits, type TailShape, tailUnits, writeUnits } from "./units.ts"
