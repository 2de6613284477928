import type { DynamoDbClients } from "./client.ts"

/** The table and how to reach it. */
export interface TableClients {
  readonly clients: DynamoDbClients
  readonly table: string
}
