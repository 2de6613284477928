/** Looks again and again, and shows what was seen: redrawn in place on a terminal, appended elsewhere. */
import { stopwatch } from "../perf/stopwatch.ts"
import type { Session } from "../session.ts"
import { LivePicture } from "./live-picture.ts"
import { lookAgain } from "./look-again.ts"
import type { FailedLook } from "./trouble.ts"
import type { Rhythm, Watched } from "./watched.ts"

/** Where the first look fails there is nothing to show: it rejects. Later ones are told, and tried again. */
export async function watch(session: Session, rhythm: Rhythm, watched: Watched): Promise<void> {
  await watched.look(session.stop)
  const isScreen = session.out.isTerminal && !session.json && session.env["TERM"] !== "dumb"
  const failed = await (isScreen
    ? new LivePicture(session, rhythm, watched).show()
    : appended(session, rhythm, watched))
  // Whoever asked for so many looks gets to know that the last one told nothing.
  if (failed !== undefined && rhythm.count !== undefined) throw failed.error
}

async function appended(
  session: Session,
  { intervalMs, count }: Rhythm,
  watched: Watched,
): Promise<FailedLook | undefined> {
  let failed: FailedLook | undefined
  for (let looks = 1; ; looks++) {
    await append(session, watched, failed)
    if (looks === count) return failed
    await stopwatch.sleep(intervalMs, session.stop)
    failed = await lookAgain(session, watched, failed, session.stop)
  }
}

async function append(session: Session, watched: Watched, failed: FailedLook | undefined): Promise<void> {
  const { out, json, io } = session
  if (!json) return out.line([...watched.lines(undefined, failed), ""].join("\n"))
  if (failed === undefined) return out.json(watched.json())
  const { code, detail, status = null } = failed.error
  return out.json({ time: io.now(), since: failed.since, error: { code, detail, status } })
}
