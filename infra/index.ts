/** `stratalog-cdk`: Stratalog in an AWS account, as constructs. */
export { StratalogConsumer, type StratalogConsumerProps } from "./consumer.ts"
export type { RestoredSettings } from "./restored.ts"
export { type ServiceSettings, StratalogService, type StratalogServiceProps } from "./service.ts"
export type { StratalogSettings } from "./settings.ts"
export { type LogStorage, type StorageSettings, StratalogStorage } from "./storage.ts"
export { Stratalog } from "./stratalog.ts"
export type { AlarmsSetting, LagThresholds, WatchSettings } from "./watch/settings.ts"
