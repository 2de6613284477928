/**
 * What a caller may be let do, as methods and paths of the API in the form of IAM's resources: `*` is any text, slashes too.
 * Only API Gateway tells calls apart.
 */

/** Whom a caller has to ask before it can do anything. */
const ASK = ["GET/v1/limits", "GET/v1/health", "GET/v1/whoami"]

/**
 * What producing needs. With topics: those alone, and no record can be read. Without: all topics. A producer asks for the
 * partitions of its topic, and no pattern lets it do so for all names without the records below them.
 */
export function producingCalls(topics: readonly string[]): readonly string[] {
  const wrong = topics.find((topic) => !/^[\w.-]+$/.test(topic))
  if (wrong !== undefined) throw new Error(`${wrong} is no name of a topic; patterns are not taken.`)
  const ofTopics = (topics.length === 0 ? ["*"] : topics).flatMap((topic) => [
    `POST/v1/topics/${topic}/records`,
    `POST/v1/topics/${topic}/partitions/*/records`,
    `GET/v1/topics/${topic}`,
  ])
  return [...ofTopics, ...(topics.length === 0 ? ["POST/v1/produce"] : []), "POST/v1/producers", ...ASK]
}

/** What reading needs, in a group or without; not what changes a group by hand (reset, delete). */
export const CONSUMING_CALLS: readonly string[] = [
  "GET/v1/topics",
  "GET/v1/topics/*",
  "POST/v1/fetch",
  "GET/v1/groups/*",
  "POST/v1/groups/*/members/*",
  "DELETE/v1/groups/*/members/*",
  "POST/v1/groups/*/offsets",
  ...ASK,
]
