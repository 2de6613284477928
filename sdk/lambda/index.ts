// Consumers that run as Lambda functions.
export { type ConsumerEvent, type ConsumerFunction, consumerHandler, type Invocation } from "./consumer-handler.ts"
export type { BatchFailures, LambdaBatch, LambdaBatchContext, LambdaConsumerOptions } from "./options.ts"
