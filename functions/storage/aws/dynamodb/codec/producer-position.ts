/**
 * A producer's position as one number, so that one comparison orders positions and one value holds them:
 * epoch * 2^52 + laps * 2^31 + last sequence, beyond what a double holds and well within DynamoDB's 38 digits.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb"
import type { ProducerPosition } from "../../../../partitions/ports.ts"

const EPOCH_BITS = 52n
const LAP_BITS = 31n
const MAX_LAPS = 2 ** 21 - 1
const MAX_SEQUENCE = 2 ** 31 - 1

/** The attribute of a producer in a head's map. */
export function producerName(id: number): string {
  return id.toString(36)
}

export function producerId(name: string): number {
  return Number.parseInt(name, 36)
}

/** Throws a RangeError for parts that would run into each other. */
export function encodePosition({ epoch, laps, lastSequence }: ProducerPosition): AttributeValue.NMember {
  if (!isWithin(epoch, MAX_SEQUENCE) || !isWithin(laps, MAX_LAPS) || !isWithin(lastSequence, MAX_SEQUENCE)) {
    throw new RangeError(`no position: epoch ${epoch}, laps ${laps}, last sequence ${lastSequence}`)
  }
  return { N: `${(BigInt(epoch) << EPOCH_BITS) + (BigInt(laps) << LAP_BITS) + BigInt(lastSequence)}` }
}

export function decodePosition(value: AttributeValue | undefined): ProducerPosition {
  if (value?.N === undefined) throw new RangeError("a position is a number")
  const position = BigInt(value.N)
  const withinEpoch = BigInt.asUintN(Number(EPOCH_BITS), position)
  return {
    epoch: Number(position >> EPOCH_BITS),
    laps: Number(withinEpoch >> LAP_BITS),
    lastSequence: Number(BigInt.asUintN(Number(LAP_BITS), withinEpoch)),
  }
}

function isWithin(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= max
}
