/**
 * The limits behind AWS Lambda, where a request and its answer each travel inside one JSON document: a body is either a
 * JSON string, with every quote and backslash escaped, or base64.
 */
import { limits as generalLimits, type Limits } from "stratalog/protocol"

/** The most that Lambda takes as an event, and the least that it takes as an answer, bytes. */
export const PAYLOAD_BYTES = 6_291_456

/** For what is in that document beside the body: headers (front doors take 10 KiB of them and give them twice), path, context. */
export const ENVELOPE_BYTES = 128 * 1024

const BODY_BYTES = PAYLOAD_BYTES - ENVELOPE_BYTES

/** A character of valid JSON takes two bytes at the most when it is escaped once more; base64 takes a third more. */
const ESCAPED = 2

/** Bytes that take `BODY_BYTES` as base64. */
export const BASE64_BODY_BYTES = Math.floor(BODY_BYTES / 4) * 3

const MiB = 1024 * 1024

export const lambdaLimits: Limits = {
  ...generalLimits,
  // Whatever is in it: refused by the API with its own 413, before the platform refuses with another.
  maxRequestBytes: Math.floor(BODY_BYTES / ESCAPED),
  // What API Gateway takes of them.
  maxHeaderBytes: 10 * 1024,
  maxBatchBytes: 2 * MiB,
  maxFetchBytes: 4 * MiB,
  maxAnswerBytes: BASE64_BODY_BYTES,
  // Front doors give up after 29 or 30 s, and waiting costs money here.
  maxWaitMs: 20_000,
  // Each has an environment of its own: an account's default concurrency, less some for everybody else.
  maxWaitingReaders: 900,
  maxWaitingReadersPerCaller: 900,
  // Environments share no memory: each looks a topic up again after so long.
  configDelayMs: 1_000,
  // The same for keys and access control lists: two reads of each environment, for whatever it answers meanwhile.
  accessDelayMs: 5_000,
  eventStream: false,
}

/** How a text goes into the answer: as it is where it fits, otherwise in base64; undefined where it fits in neither. */
export function encodingOf(text: string, bytes: number): "text" | "base64" | undefined {
  if (bytes * ESCAPED <= BODY_BYTES) return "text"
  if (Buffer.byteLength(JSON.stringify(text)) <= BODY_BYTES) return "text"
  return bytes <= BASE64_BODY_BYTES ? "base64" : undefined
}
