/** Runs a function that consumes in a group: when there is news, and by a schedule for whatever news did not tell. */
import { Duration } from "aws-cdk-lib"
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch"
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events"
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources"
import { type ITopic, SubscriptionFilter } from "aws-cdk-lib/aws-sns"
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions"
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs"
import { Construct } from "constructs"
import { alarmOfDeadLetters } from "./watch/alarms-of-upkeep.ts"

export interface StratalogConsumerProps {
  /** Its handler is made by `consumerHandler` of `stratalog/lambda`. */
  readonly function: LambdaFn
  /** The topics that the group reads, as the handler names them; with a pattern (`^...`) among them, news of all topics wake it. */
  readonly topics: readonly string[]
  /** The stack's `news`. Absent: the schedule alone. */
  readonly news?: ITopic | undefined
  /** How often it looks without news. Default: a minute. */
  readonly every?: Duration
  /** The most environments that news starts at once; no group uses more than it has partitions. Default 2, the least there is. */
  readonly maxConcurrency?: number
  /** What tells of dead letters: an alarm of CloudWatch, $0.10 a month. Absent: none is made. */
  readonly alarms?: readonly IAlarmAction[]
}

/** How late news is delivered: later than `NEWS_EVERY_MS`, in which one message stands for all appends of a topic. */
const DELAY = Duration.seconds(2)
/** SQS asks for six times the function's time-out, so that no message is delivered again while it is worked on. */
const VISIBILITY_FACTOR = 6
/** How often a partition that fails is tried by one message; the schedule goes on after it. */
const MAX_RECEIVES = 5

export class StratalogConsumer extends Construct {
  /** Where news waits; absent without news. */
  readonly queue: Queue | undefined
  /** News whose records could not be processed. */
  readonly deadLetters: Queue | undefined

  constructor(scope: Construct, id: string, props: StratalogConsumerProps) {
    super(scope, id)
    const { news, every = Duration.minutes(1) } = props
    const target = new LambdaFunction(props.function, {
      event: RuleTargetInput.fromObject({ scheduled: true }),
      retryAttempts: 0,
    })
    new Rule(this, "Schedule", { schedule: Schedule.rate(every), targets: [target] })
    if (news === undefined) return
    this.deadLetters = queueOf(this, "DeadLetters", { retentionPeriod: Duration.days(14) })
    this.queue = queueOf(this, "Queue", {
      deliveryDelay: DELAY,
      visibilityTimeout: Duration.seconds(
        (props.function.timeout ?? Duration.seconds(3)).toSeconds() * VISIBILITY_FACTOR,
      ),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    })
    news.addSubscription(new SqsSubscription(this.queue, { rawMessageDelivery: true, ...filterOf(props.topics) }))
    if (props.alarms !== undefined) alarmOfDeadLetters(new Construct(this, "Alarms"), this.deadLetters, props.alarms)
    const maxConcurrency = props.maxConcurrency ?? 2
    props.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency }),
    )
  }
}

type QueueProps = ConstructorParameters<typeof Queue>[2]

function queueOf(scope: Construct, id: string, props: QueueProps): Queue {
  return new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props })
}

function filterOf(topics: readonly string[]) {
  if (topics.some((topic) => topic.startsWith("^"))) return {}
  return { filterPolicy: { topic: SubscriptionFilter.stringFilter({ allowlist: [...topics] }) } }
}
