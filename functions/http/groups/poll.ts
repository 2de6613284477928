/** POST /v1/groups/{group}/members/{member}/poll */
import { consumeRoutes, JSON_TYPE, type Limits, POLL_TYPE } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { poll } from "../../groups/poll/poll.ts"
import type { Polled } from "../../groups/poll/polled.ts"
import { StorageUnavailable } from "../../log/ports.ts"
import { acceptable } from "../accept.ts"
import type { Gate } from "../access/gate.ts"
import { consumeRules } from "../access/rules.ts"
import { stillAllowed } from "../access/still-allowed.ts"
import { deniedTopics, requireReadable, topicsAllowed } from "../access/topics.ts"
import { type EndpointInput, endpoint } from "../endpoint.ts"
import { type ApiRequest, invalid, problemResponse, Refusal } from "../exchange.ts"
import type { WaitingReaders } from "../records/patience.ts"
import { requireRoomToWait, startWaiting, waiterOf } from "../records/wait.ts"
import { polledBatches } from "./polled-batches.ts"
import { polledJson } from "./polled-json.ts"
import { memberRefused, refusedCommits } from "./problems.ts"
import { requirePatterns } from "./subscriptions.ts"

export interface PollDependencies extends GroupDependencies {
  readonly waiting: WaitingReaders
  /** For what goes on after its request was let in. */
  readonly gate: Gate
}

type Input = EndpointInput<typeof consumeRoutes.poll>
type Body = Input["body"]["value"]

export function pollEndpoint(deps: PollDependencies) {
  return endpoint(consumeRoutes.poll, consumeRules.poll, async (input, request, caller) => {
    const { params } = input
    const { value } = input.body
    const isBinary = acceptable(request.header("accept"), [JSON_TYPE, POLL_TYPE]) === POLL_TYPE
    requireSense(value)
    await requirePatterns(value.topics)
    const waiter = waiterOf(caller, request)
    if ((value.wait ?? 0) > 0) requireRoomToWait(deps.waiting, waiter)
    const bounds = boundsOf(value, isBinary, deps.limits)
    const asked = { ...value, ...bounds, memberId: params.member, mayRead: topicsAllowed(caller, "read") }
    const outcome = await poll(deps, params.group, asked, (ms) => startWaiting(deps.waiting, ms, waiter))
    if (outcome.kind === "refused") return problemResponse(refusedCommits(outcome.refusals, "commit"))
    if (outcome.kind === "topics_denied") throw deniedTopics(caller, "read", outcome.topics)
    if (outcome.kind !== "polled") return problemResponse(memberRefused(params, outcome))
    if ((value.wait ?? 0) > 0) await requireStillAllowed(deps.gate, request, input, outcome)
    return isBinary ? polledBatches(outcome) : polledJson(deps, outcome, value, bounds.maxRecords ?? 0)
  })
}

/** What was committed stays so: where something was, the refusal is told to the same request when it comes again. */
async function requireStillAllowed(gate: Gate, request: ApiRequest, input: Input, { answer }: Polled): Promise<void> {
  try {
    const caller = await stillAllowed(gate, request, consumeRules.poll, input)
    requireReadable(caller, answer.assignment)
  } catch (error) {
    if ((input.body.value.commit ?? []).length === 0) throw error
    if (error instanceof StorageUnavailable) throw new StorageUnavailable({ ...error.outcome, sideEffects: "unknown" })
    if (!(error instanceof Refusal)) throw error
    const detail = `The offsets were committed; the rest was refused: ${error.code}.`
    throw new StorageUnavailable({ kind: "unavailable", reason: "storage_failed", sideEffects: "unknown", detail })
  }
}

function boundsOf({ maxBytes, maxRecords }: Body, isBinary: boolean, limits: Limits) {
  return {
    maxBytes: Math.min(maxBytes ?? limits.defaultFetchBytes, limits.maxFetchBytes),
    maxRecords: maxRecords ?? (isBinary ? undefined : limits.defaultFetchRecords),
  }
}

/** A position or a commit names each partition once; who joins has processed nothing yet. */
function requireSense({ memberEpoch, commit = [], positions = [] }: Body): void {
  if (memberEpoch === 0 && commit.length > 0) {
    throw invalid([
      { path: "commit", message: "is not for a member that joins (memberEpoch 0): it has read nothing yet" },
    ])
  }
  const named = new Set<string>()
  for (const [index, { topic, partition }] of positions.entries()) {
    const key = `${topic}/${partition}`
    if (named.has(key)) throw invalid([{ path: `positions[${index}]`, message: "names a partition a second time" }])
    named.add(key)
  }
}
