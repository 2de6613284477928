import { randomUUID } from "node:crypto"
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb"
import {
  type AllocateOutcome,
  type BumpEpochOutcome,
  MAX_PRODUCER_EPOCH,
  type ProducerIds,
} from "../../../producers/ports.ts"
import type { DynamoDbClients } from "./client.ts"
import { number, readNumber } from "./codec/attributes.ts"
import type { Item } from "./codec/item-size.ts"
import { decodeEpoch, PRODUCER_COUNTER, producerKey } from "./codec/producer-epoch.ts"
import { unavailableFrom, unavailableReading } from "./failures.ts"

/**
 * Producer ids from one counter; the epoch of an id has an item once it is not 0 any more.
 *
 * Each id is one write of the counter, which takes some 1,000 a second for all processes together. Taking them in blocks
 * would save most of these writes where a process hands out many, and Lambda environments hand out few: not worth a state.
 */
export function createProducerIds(clients: DynamoDbClients, table: string): ProducerIds {
  /** Ids below it were given: what is known once stays true. */
  let given = 1

  const isGiven = async (id: number): Promise<boolean> => {
    if (id < 1) return false
    if (id >= given) {
      const command = new GetItemCommand({ TableName: table, Key: PRODUCER_COUNTER, ConsistentRead: true })
      const { Item: counter } = await clients.repeating.send(command)
      if (counter !== undefined) given = Math.max(given, readNumber(counter, "n") + 1)
    }
    return id < given
  }

  return {
    allocate: async (): Promise<AllocateOutcome> => {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: PRODUCER_COUNTER,
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": number(1) },
        ReturnValues: "UPDATED_NEW",
      })
      try {
        const { Attributes: counter = {} } = await clients.repeating.send(command)
        const id = readNumber(counter, "n")
        given = Math.max(given, id + 1)
        return { kind: "allocated", id, epoch: 0 }
      } catch (error) {
        // An id that was counted and lost is nobody's: ids have gaps.
        return { ...unavailableFrom(error), sideEffects: "none" }
      }
    },
    bumpEpoch: async (id, epoch): Promise<BumpEpochOutcome> => {
      try {
        if (!(await isGiven(id))) return { kind: "not_found" }
        if (epoch >= MAX_PRODUCER_EPOCH) {
          const present = await presentEpoch(clients, table, id)
          return present === epoch ? { kind: "exhausted" } : { kind: "stale_epoch", epoch: present }
        }
      } catch (error) {
        return unavailableReading(error)
      }
      return bump(clients, table, id, epoch)
    },
  }
}

/**
 * Repeated where its answer was lost: an epoch comes once, so that of all attempts one takes effect. Each call writes a
 * token of its own, by which it knows what it wrote itself.
 */
async function bump(clients: DynamoDbClients, table: string, id: number, epoch: number): Promise<BumpEpochOutcome> {
  const token = randomUUID()
  try {
    await clients.repeating.send(new UpdateItemCommand(bumpOf(table, id, epoch, token)))
    return { kind: "bumped", epoch: epoch + 1 }
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) return unavailableFrom(error)
    const present = decodeEpoch(error.Item)
    if (present.token === token) return { kind: "bumped", epoch: present.epoch }
    // Past our epoch after a lost answer: somebody may have gone on from it.
    const open = (error.$metadata.attempts ?? 1) > 1 && present.epoch > epoch + 1
    if (!open) {
      clients.refused("producer_epoch")
      return { kind: "stale_epoch", epoch: present.epoch }
    }
    const detail = `DynamoDB: the answer was lost, and the epoch is ${present.epoch} by now`
    return { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown", detail }
  }
}

function bumpOf(table: string, id: number, epoch: number, token: string): UpdateItemCommandInput {
  const values: Record<string, AttributeValue> = { ":next": number(epoch + 1), ":token": { S: token } }
  const first = epoch === 0
  return {
    TableName: table,
    Key: producerKey(id),
    UpdateExpression: "SET e = :next, w = :token",
    // Only a first bump finds no item.
    ConditionExpression: first ? "attribute_not_exists(pk)" : "e = :epoch",
    ExpressionAttributeValues: first ? values : { ...values, ":epoch": number(epoch) },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  }
}

async function presentEpoch(clients: DynamoDbClients, table: string, id: number): Promise<number> {
  const command = new GetItemCommand({ TableName: table, Key: producerKey(id), ConsistentRead: true })
  const { Item: item }: { Item?: Item | undefined } = await clients.repeating.send(command)
  return decodeEpoch(item).epoch
}
