/** What things cost on AWS, as data and arithmetic. */
export { type Alternative, alternatives } from "./alternatives.ts"
export { placementQuestion } from "./append-model.ts"
export { type CostLine, type Estimate, estimate } from "./estimate.ts"
export { decidePlacement, type PlacementKind, type PlacementQuestion, placementCost } from "./placement.ts"
export { dynamoDbPlacementLimits, type PlacementLimits, type PlacementWish } from "./placement-limits.ts"
export { type Prices, prices } from "./prices.ts"
export { entriesPerRoll, readUnits, type TailShape, tailUnits, writeUnits } from "./units.ts"
export { defaultWorkload, type FrontDoor, MONTH_HOURS, MONTH_SECONDS, type Workload } from "./workload.ts"
