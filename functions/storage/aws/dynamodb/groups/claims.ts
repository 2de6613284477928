/**
 * Claims: a read of the runs, then one conditional update of each that holds a partition not claimed under this epoch yet.
 * The update answers with the whole run as it is then, so where to go on is read by the very write that fences the former
 * owner. Of a partition that was claimed before, only its owner moves the offset, so what the read told is still so.
 */
import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb"
import type { Claim, ClaimOutcome, ClaimTarget } from "../../../../groups/ports.ts"
import type { Unavailable } from "../../../../log/ports.ts"
import { getItems } from "../batch-requests.ts"
import { number, readText } from "../codec/attributes.ts"
import { decodeRun, readOwner, slotNames } from "../codec/committed-offsets.ts"
import type { Item } from "../codec/item-size.ts"
import { unavailableFrom } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"
import { pastConflicts } from "./conflicts.ts"
import { makeRuns } from "./entries.ts"
import { isNotFenced, type Run, runsOf } from "./runs.ts"

/** Updates of one call at once. */
const AT_ONCE = 8
/** Of one run: a newer owner may claim one partition of it after another, and the run may be removed and made again. */
const ATTEMPTS = 20

export async function claim(
  access: TableClients,
  group: string,
  targets: readonly ClaimTarget[],
  epoch: number,
): Promise<ClaimOutcome> {
  const runs = runsOf(group, targets)
  const read = await getItems(
    access,
    runs.map(({ key }) => key),
    true,
  )
  if ("kind" in read) return read
  const found = new Map(read.map((item) => [readText(item, "sk"), item]))
  const missing = runs.filter(({ key }) => !found.has(key.sk.S))
  const made = await makeRuns(access.clients, access.table, group, missing)
  if (made.kind === "unavailable") return made

  const claims = new Map<ClaimTarget, Claim>()
  const waiting = runs.values()
  let failure: Unavailable | undefined
  const work = async () => {
    for (const run of waiting) {
      if (failure !== undefined) return
      const outcome = await claimRun(access, group, run, found.get(run.key.sk.S) ?? {}, epoch)
      // Of several runs others may be claimed.
      if ("kind" in outcome) failure = runs.length === 1 ? outcome : { ...outcome, sideEffects: "unknown" }
      else for (const [target, claim] of outcome) claims.set(target, claim)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, runs.length) }, work))
  return failure ?? { kind: "claims", claims: targets.flatMap((target) => claims.get(target) ?? []) }
}

async function claimRun(
  access: TableClients,
  group: string,
  run: Run,
  read: Item,
  epoch: number,
): Promise<ReadonlyMap<ClaimTarget, Claim> | Unavailable> {
  let item = read
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const open = run.targets.filter(({ partition }) => readOwner(item, partition.partition) < epoch)
    if (open.length === 0) return claimsIn(run, item, epoch)
    const outcome = await updateRun(access, { ...run, targets: open }, epoch)
    if (outcome.kind === "unavailable") return outcome
    item = outcome.item
    if (item["pk"] === undefined) {
      const made = await makeRuns(access.clients, access.table, group, [run])
      if (made.kind === "unavailable") return made
    }
  }
  return { kind: "unavailable", reason: "throttled", sideEffects: "unknown", detail: "others claim as fast" }
}

/** The run as the update left it, or as it was where the update was refused; without attributes where there is none. */
async function updateRun(
  { clients, table }: TableClients,
  run: Run,
  epoch: number,
): Promise<{ readonly kind: "run"; readonly item: Item } | Unavailable> {
  const owners = [...new Set(run.targets.map(({ partition }) => slotNames(partition.partition).owner))]
  const command = new UpdateItemCommand({
    TableName: table,
    Key: run.key,
    UpdateExpression: `SET ${owners.map((owner) => `${owner} = :epoch`).join(", ")}`,
    ConditionExpression: ["attribute_exists(pk)", ...owners.map(isNotFenced)].join(" AND "),
    ExpressionAttributeValues: { ":epoch": number(epoch) },
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  })
  try {
    const { Attributes: item = {} } = await pastConflicts(() => clients.repeating.send(command))
    return { kind: "run", item }
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailableFrom(error)
    clients.refused("group_epoch")
    return { kind: "run", item: error.Item ?? {} }
  }
}

function claimsIn({ targets }: Run, item: Item, epoch: number): ReadonlyMap<ClaimTarget, Claim> {
  const offsets = new Map(decodeRun(item).map((each) => [each.partition.partition, each]))
  const claimOf = ({ partition }: ClaimTarget): Claim => {
    const owner = readOwner(item, partition.partition)
    const committed = offsets.get(partition.partition)
    if (owner > epoch) return { kind: "fenced", epoch: owner }
    return { kind: "claimed", ...(committed !== undefined && { committed }) }
  }
  return new Map(targets.map((target) => [target, claimOf(target)]))
}
