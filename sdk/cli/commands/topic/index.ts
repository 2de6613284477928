import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { addAlter } from "./alter.ts"
import { addCreate } from "./create.ts"
import { addDelete } from "./delete.ts"
import { addDescribe } from "./describe.ts"
import { addList } from "./list.ts"

export function addTopic(program: Command, shell: Shell): void {
  const topic = program.command("topic").description("Create, list, describe, alter and delete topics.")
  addCreate(topic, shell)
  addList(topic, shell)
  addDescribe(topic, shell)
  addAlter(topic, shell)
  addDelete(topic, shell)
}
