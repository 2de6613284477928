import type { AccessStore } from "../../../access/ports.ts"
import { createKeyStore } from "./access-keys.ts"
import { createBindingStore } from "./acl-bindings.ts"
import type { DynamoDbClients } from "./client.ts"

export function createAccessStore(clients: DynamoDbClients, table: string): AccessStore {
  return { ...createKeyStore(clients, table), ...createBindingStore(clients, table) }
}
