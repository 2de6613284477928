/** What is watched, redrawn in place, with keys: q ends it, Space looks at once. */
import { stopwatch } from "../perf/stopwatch.ts"
import type { Session } from "../session.ts"
import { Stopped } from "../stopped.ts"
import { Keys } from "./keys.ts"
import { lookAgain } from "./look-again.ts"
import { Screen } from "./screen.ts"
import type { FailedLook, Trouble } from "./trouble.ts"
import type { Rhythm, Watched } from "./watched.ts"

/** A look that takes longer than this is told of. */
const PATIENCE_MS = 3_000
const REDRAW_MS = 1_000
const CTRL_C = "\u0003"

/** The reason of an end that was asked for by a key. */
const QUIT = new Error("quit")

export class LivePicture {
  readonly #session: Session
  readonly #rhythm: Rhythm
  readonly #watched: Watched
  readonly #ended = new AbortController()
  #wake = new AbortController()
  #failed: FailedLook | undefined
  /** When the look began that is under way, epoch milliseconds. */
  #lookingSince: number | undefined
  #lines: readonly string[] = []

  constructor(session: Session, rhythm: Rhythm, watched: Watched) {
    this.#session = session
    this.#rhythm = rhythm
    this.#watched = watched
  }

  /** The last look, where it failed. Rejects where the process is to end. */
  async show(): Promise<FailedLook | undefined> {
    const quit = await this.#drawUntilTheEnd()
    // The last picture stays to be read.
    await this.#session.out.line(this.#lines.join("\n"))
    if (quit !== undefined && quit !== QUIT) throw quit
    return quit === QUIT ? undefined : this.#failed
  }

  /** What the keys ended it by. */
  async #drawUntilTheEnd(): Promise<unknown> {
    using screen = new Screen(this.#session, () => this.#draw(screen))
    using _keys = new Keys(this.#session.io.stdin, (key) => {
      this.#onKey(key)
      this.#draw(screen)
    })
    const redraw = setInterval(() => this.#draw(screen), REDRAW_MS)
    try {
      await this.#lookAgainAndAgain(screen)
      return undefined
    } catch (error) {
      if (error === this.#ended.signal.reason) return error
      throw error
    } finally {
      clearInterval(redraw)
    }
  }

  async #lookAgainAndAgain(screen: Screen): Promise<void> {
    const { intervalMs, count } = this.#rhythm
    const stop = AbortSignal.any([this.#session.stop, this.#ended.signal])
    for (let looks = 1; ; looks++) {
      this.#draw(screen)
      if (looks === count) return
      await this.#pause(intervalMs, stop)
      this.#lookingSince = this.#session.io.now()
      this.#failed = await lookAgain(this.#session, this.#watched, this.#failed, stop)
      this.#lookingSince = undefined
    }
  }

  /** Until the next look, or until somebody asks for it. */
  async #pause(ms: number, stop: AbortSignal): Promise<void> {
    this.#wake = new AbortController()
    await stopwatch.sleep(ms, AbortSignal.any([stop, this.#wake.signal])).catch(() => stop.throwIfAborted())
  }

  #draw(screen: Screen): void {
    this.#lines = this.#watched.lines(screen.size, this.#failed ?? this.#delay())
    screen.draw(this.#lines)
  }

  #delay(): Trouble | undefined {
    const since = this.#lookingSince
    if (since === undefined || this.#session.io.now() - since < PATIENCE_MS) return undefined
    return { since, error: undefined }
  }

  #onKey(key: string): void {
    if (key === "q" || key === "Q") this.#ended.abort(QUIT)
    else if (key === CTRL_C) this.#ended.abort(new Stopped("SIGINT"))
    else if (key === " ") this.#wake.abort()
    else this.#watched.onKey(key)
  }
}
