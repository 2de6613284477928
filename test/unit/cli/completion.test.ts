import { execFileSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { runCli } from "../../fakes/cli-io.ts"

const scriptFor = async (shell: string) => (await runCli(["completion", shell])).stdout

/** What bash offers for the last of the words. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const line = words.map((word) => `'${word}'`).join(" ")
  const probe = `
    strata() { [[ "$*" == "topic list" ]] && printf 'TOPIC  PARTITIONS\\norders  3\\nclicks  1\\n'; [[ "$*" == "group list" ]] && echo billing; [[ "$*" == "profile list" ]] && printf 'PROFILE  URL\\nprod     https://log.example.com\\n'; }
    COMP_WORDS=(strata ${line}); COMP_CWORD=${words.length}; _strata; printf '%s\\n' "\${COMPREPLY[@]}"`
  const answer = execFileSync("bash", ["--norc", "-c", `${await scriptFor("bash")}\n${probe}`], { encoding: "utf8" })
  return answer.split("\n").filter((word) => word !== "")
}

describe("completion in bash", () => {
  it("offers commands, and those below a command", async () => {
    expect(await completed("to")).toEqual(["topic", "top"])
    expect(await completed("")).toEqual(expect.arrayContaining(["serve", "perf", "completion"]))
    expect(await completed("topic", "de")).toEqual(["describe", "delete"])
    expect(await completed("--json", "topic", "cr")).toEqual(["create"])
    expect(await completed("completion", "")).toEqual(["bash", "zsh", "fish"])
  })

  it("offers the options of the command, and the values of an option", async () => {
    expect(await completed("topic", "create", "orders", "--part")).toEqual(["--partitions"])
    expect(await completed("produce", "orders", "--comp")).toEqual(["--compression"])
    expect(await completed("produce", "orders", "--compression", "z")).toEqual(["zstd"])
    expect(await completed("topic", "list", "--u")).toEqual(["--url"])
    expect(await completed("topic", "create", "orders", "--partitions", "")).toEqual([])
  })

  it("asks the server for topics and groups", async () => {
    expect(await completed("consume", "o")).toEqual(["orders"])
    expect(await completed("topic", "delete", "")).toEqual(["orders", "clicks"])
    expect(await completed("group", "describe", "")).toEqual(["billing"])
  })

  it("offers the profiles there are", async () => {
    expect(await completed("profile", "show", "")).toEqual(["prod"])
    expect(await completed("--profile", "")).toEqual(["prod"])
    expect(await completed("topic", "list", "--profile", "p")).toEqual(["prod"])
  })

  it("offers files where a path is meant", async () => {
    expect(await completed("inspect", "package.j")).toEqual(["package.json"])
    expect(await completed("produce", "orders", "--file", "package.j")).toEqual(["package.json"])
  })
})

describe("completion in other shells", () => {
  it("knows the same commands and options", async () => {
    const zsh = await scriptFor("zsh")
    expect(zsh).toContain("'topic/create') at='topic create' ;;")
    expect(zsh).toContain("'produce/--compression') compadd none gzip zstd; return ;;")
    const fish = await scriptFor("fish")
    expect(fish).toContain("case 'topic/create'\n        set at 'topic create'")
    expect(fish).toMatch(/__strata_at \\'produce\\'' -l compression .* -x -a 'none gzip zstd'/)
  })

  it("is refused for a shell that is none of them", async () => {
    expect(await runCli(["completion", "ksh"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("bash, zsh, fish"),
    })
  })
})
