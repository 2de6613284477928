import type { GroupStore } from "../../../../groups/ports.ts"
import type { DynamoDbClients } from "../client.ts"
import { claim } from "./claims.ts"
import { listGroups } from "./list-groups.ts"
import { commitOffsets, deleteGroup, forgetTopic, readOffsets } from "./offsets.ts"
import { readMembers } from "./read-members.ts"
import { replaceMembers } from "./replace-members.ts"
import { touch } from "./touch.ts"

/** Consumer groups in DynamoDB. Layout: README.md beside this folder. */
export function createGroupStore(clients: DynamoDbClients, table: string): GroupStore {
  const access = { clients, table }
  return {
    commit: (group, commits, terms = {}) => commitOffsets(clients, table, group, commits, terms),
    read: (group) => readOffsets(clients, table, group),
    list: (request) => listGroups(clients, table, request),
    delete: (group) => deleteGroup(clients, table, group),
    forgetTopic: (topicId) => forgetTopic(clients, table, topicId),

    claim: (group, targets, epoch) => claim(access, group, targets, epoch),

    touch: (group, memberId, request) => touch(access, group, memberId, request),
    members: (group) => readMembers(access, group),
    replaceMembers: (group, change) => replaceMembers(access, group, change),
  }
}
