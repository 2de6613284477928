/** The entry: one service, by its URL. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { limits as defaultLimits, type Limits } from "../protocol/limits.ts"
import type { Whoami } from "../protocol/schemas/access.ts"
import type { InitProducerBody, ProducerId } from "../protocol/schemas/producers.ts"
import type { Health } from "../protocol/schemas/service.ts"
import type { UpkeepStatus } from "../protocol/schemas/upkeep.ts"
import { portableCodecs } from "../record-batch/portable-codecs.ts"
import type { BatchCodecs } from "../record-batch/types.ts"
import { Acls } from "./acls.ts"
import type { ApiKeySource } from "./api-key.ts"
import { type Clock, systemClock } from "./clock.ts"
import type { Consumer } from "./consumer/consumer.ts"
import { GroupConsumer } from "./consumer/group-consumer.ts"
import { newMemberId } from "./consumer/member-id.ts"
import type { ConsumerOptions } from "./consumer/options.ts"
import { invalidArgument } from "./errors.ts"
import type { FetchContext } from "./fetch-records.ts"
import type { DataFormat } from "./formats.ts"
import { Group, Groups } from "./groups.ts"
import { parseBaseUrl } from "./http-request.ts"
import { Keys } from "./keys.ts"
import type { TopicSerdes } from "./produce-records.ts"
import type { ProducerOptions } from "./producer/options.ts"
import { BatchingProducer, type TopicsProducer } from "./producer/producer.ts"
import type { InputOf, OutputOf, TopicOptions } from "./records.ts"
import { defaultRetryPolicy, type RetryPolicy } from "./retry-policy.ts"
import { Serde } from "./serde.ts"
import { Topic } from "./topic.ts"
import { type CallOptions, Topics } from "./topics.ts"
import { type FetchFunction, type HeaderSource, Transport } from "./transport.ts"

export interface StratalogOptions extends Partial<Clock> {
  /** Where the service is, such as `http://127.0.0.1:8080`; a path in it is kept. */
  readonly url: string
  /** Default: the platform's. */
  readonly fetch?: FetchFunction | undefined
  /** Headers of every request, or a function that gives them, such as a token that expires. */
  readonly headers?: HeaderSource | undefined
  /**
   * Sent with every request (`Authorization: Bearer`), and nowhere else than to `url`. A function is asked before each
   * request, and once more where the server did not take its key, so that keys change without a restart.
   */
  readonly apiKey?: ApiKeySource | undefined
  /** The time limit of one request beyond the wait it asks for, milliseconds. Default 30 s. */
  readonly timeoutMs?: number | undefined
  /** Default: 5 attempts, pauses of up to 100 ms doubling up to 5 s. Producers have their own. */
  readonly retries?: Partial<RetryPolicy> | undefined
  /** Default: `portableCodecs()` of `stratalog/record-batch`. */
  readonly codecs?: BatchCodecs | undefined
}

export class Stratalog {
  readonly topics: Topics
  readonly groups: Groups
  readonly keys: Keys
  readonly acls: Acls
  readonly #transport: Transport
  readonly #context: FetchContext

  constructor(options: StratalogOptions) {
    const transport = new Transport({
      baseUrl: parseBaseUrl(options.url),
      // Looked up at each call and called without `this`, as browsers demand.
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      headers: options.headers ?? {},
      apiKey: options.apiKey,
      timeoutMs: options.timeoutMs ?? 30_000,
      retries: { ...defaultRetryPolicy, ...options.retries },
      clock: {
        now: options.now ?? systemClock.now,
        sleep: options.sleep ?? systemClock.sleep,
        random: options.random ?? systemClock.random,
      },
    })
    const codecs = options.codecs ?? portableCodecs()
    this.#transport = transport
    this.#context = { transport, codecs, maxDecompressedBytes: defaultLimits.maxDecompressedBytes }
    this.topics = new Topics(transport)
    this.groups = new Groups(transport)
    this.keys = new Keys(transport)
    this.acls = new Acls(transport)
  }

  /** A handle; it makes no request. Schemas and formats give the types of keys and values. */
  topic<
    KS extends StandardSchemaV1 | undefined = undefined,
    VS extends StandardSchemaV1 | undefined = undefined,
    KF extends DataFormat = "utf8",
    VF extends DataFormat = "json",
  >(
    name: string,
    options: TopicOptions<KS, VS, KF, VF> = {},
  ): Topic<OutputOf<KS, KF>, OutputOf<VS, VF>, InputOf<KS, KF>, InputOf<VS, VF>> {
    return new Topic(this.#context, name, options)
  }

  /** A producer of many topics: each record names its own. Keys are text and values JSON, unless the options say so. */
  producer<KF extends DataFormat = "utf8", VF extends DataFormat = "json">(
    options: ProducerOptions & { readonly keyFormat?: KF; readonly valueFormat?: VF } = {},
  ): TopicsProducer<InputOf<undefined, KF>, InputOf<undefined, VF>> {
    const { keyFormat = "utf8", valueFormat = "json" } = options
    const known = new Map<string, TopicSerdes>()
    return new BatchingProducer(this.#context, options, ({ topic }) => {
      if (topic === undefined) throw invalidArgument("A record names no topic.")
      const serdes = known.get(topic) ?? {
        topic,
        key: new Serde(topic, "key", keyFormat),
        value: new Serde(topic, "value", valueFormat),
      }
      known.set(topic, serdes)
      return serdes
    })
  }

  /**
   * A member of a consumer group. It makes no request before it is read. Keys are text and values JSON, unless formats or
   * schemas say otherwise.
   */
  consumer<
    KS extends StandardSchemaV1 | undefined = undefined,
    VS extends StandardSchemaV1 | undefined = undefined,
    KF extends DataFormat = "utf8",
    VF extends DataFormat = "json",
  >(options: ConsumerOptions<KS, VS, KF, VF>): Consumer<OutputOf<KS, KF>, OutputOf<VS, VF>> {
    return new GroupConsumer(this.#context, options, newMemberId())
  }

  group(name: string): Group {
    return new Group(this.#transport, name)
  }

  /** A new producer id, or the next epoch of one. Producers do this by themselves. */
  async initProducer(producer: InitProducerBody = {}, { signal }: CallOptions = {}): Promise<ProducerId> {
    const repeatable = producer.id === undefined
    return this.#transport.json({
      method: "POST",
      path: "/v1/producers",
      json: producer,
      answers: "id",
      repeatable,
      signal,
    })
  }

  /** Whom the service takes this client for, and by what. */
  async whoami({ signal }: CallOptions = {}): Promise<Whoami> {
    return this.#transport.json({ method: "GET", path: "/v1/whoami", answers: "principal", signal })
  }

  /** The limits in force: sizes in bytes, times in milliseconds. */
  async limits({ signal }: CallOptions = {}): Promise<Limits> {
    return this.#transport.json({ method: "GET", path: "/v1/limits", answers: "maxBatchBytes", signal })
  }

  /** Whether the service takes appends; rejects with `storage_full` or `unavailable` where it does not. */
  async health({ signal }: CallOptions = {}): Promise<Health> {
    return this.#transport.json({ method: "GET", path: "/v1/health", answers: "status", signal })
  }

  /** What the last runs of upkeep did and left: whether the log is tiered, trimmed and swept. */
  async upkeep({ signal }: CallOptions = {}): Promise<UpkeepStatus> {
    return this.#transport.json({ method: "GET", path: "/v1/upkeep", answers: "lastRun", signal })
  }
}
