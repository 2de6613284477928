/** Who sends a request. */
import { anybody, type Caller } from "../../access/caller.ts"
import type { ApiRequest } from "../exchange.ts"

/** Throws a `Refusal` where nobody that it knows sends it. */
export type Gate = (request: ApiRequest) => Caller | Promise<Caller>

/** Where nobody is asked. */
export const openGate: Gate = () => anybody
