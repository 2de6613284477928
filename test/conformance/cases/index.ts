/** Every conformance case, in the order in which a reader would look for them. */
import type { ConformanceCase } from "../case.ts"
import { accessCases } from "./access.ts"
import { alterTopicCases } from "./alter-topic.ts"
import { batchRuleCases } from "./batch-rules.ts"
import { batchCases } from "./batches.ts"
import { bodyCases } from "./bodies.ts"
import { conditionCases } from "./conditions.ts"
import { createTopicCases } from "./create-topic.ts"
import { deleteRecordsCases } from "./delete-records.ts"
import { deleteTopicCases } from "./delete-topic.ts"
import { documentCases } from "./documents.ts"
import { eventStreamCases } from "./event-stream.ts"
import { exactnessCases } from "./exactness.ts"
import { fenceCases } from "./fences.ts"
import { fetchCases } from "./fetch.ts"
import { fetchManyCases } from "./fetch-many.ts"
import { fetchRangeCases } from "./fetch-ranges.ts"
import { formatCases } from "./formats.ts"
import { commitCases } from "./group-commits.ts"
import { groupMemberCases } from "./group-members.ts"
import { groupPollCases } from "./group-poll.ts"
import { groupResetCases } from "./group-reset.ts"
import { groupCases } from "./groups.ts"
import { idempotenceCases } from "./idempotence.ts"
import { keyCases } from "./keys.ts"
import { listTopicsCases } from "./list-topics.ts"
import { longPollCases } from "./long-poll.ts"
import { methodCases } from "./methods.ts"
import { nameCases } from "./names.ts"
import { negotiationCases } from "./negotiation.ts"
import { offsetCases } from "./offsets.ts"
import { produceCases } from "./produce.ts"
import { produceManyCases } from "./produce-many.ts"
import { producerIdCases } from "./producer-ids.ts"
import { headerCases } from "./record-headers.ts"
import { serviceCases } from "./service.ts"
import { sizeCases } from "./sizes.ts"
import { timestampCases } from "./timestamps.ts"
import { validationCases } from "./validation.ts"

export const cases: readonly ConformanceCase[] = [
  ...createTopicCases,
  ...nameCases,
  ...listTopicsCases,
  ...alterTopicCases,
  ...deleteTopicCases,
  ...produceCases,
  ...produceManyCases,
  ...batchCases,
  ...batchRuleCases,
  ...conditionCases,
  ...fenceCases,
  ...producerIdCases,
  ...idempotenceCases,
  ...timestampCases,
  ...headerCases,
  ...formatCases,
  ...exactnessCases,
  ...sizeCases,
  ...fetchCases,
  ...fetchRangeCases,
  ...fetchManyCases,
  ...longPollCases,
  ...eventStreamCases,
  ...offsetCases,
  ...deleteRecordsCases,
  ...commitCases,
  ...groupCases,
  ...groupMemberCases,
  ...groupPollCases,
  ...groupResetCases,
  ...validationCases,
  ...bodyCases,
  ...negotiationCases,
  ...methodCases,
  ...accessCases,
  ...keyCases,
  ...serviceCases,
  ...documentCases,
]
