/** The service's own `fetch`, with a network in front of it that fails as told. */
import { problem } from "stratalog/protocol"

export type Fault =
  | { readonly kind: "none" }
  /** No connection: the client can tell that nothing was sent. */
  | { readonly kind: "refused" }
  /** The connection breaks before the request arrives; the client cannot tell. */
  | { readonly kind: "lost_request" }
  /** The request takes effect and its answer is lost. */
  | { readonly kind: "lost_answer" }
  /** The request takes effect and its answer breaks off in the middle of the body. */
  | { readonly kind: "cut_body" }
  /** The connection breaks, and the request arrives later: at the next `deliverLate`. */
  | { readonly kind: "late" }
  /** No answer until the client gives up; `arrives`: the request takes effect. */
  | { readonly kind: "hangs"; readonly arrives: boolean }
  /** A problem of the service, without effect. */
  | {
      readonly kind: "problem"
      readonly code: "unavailable" | "too_many_requests" | "storage_full"
      readonly retryAfter?: string
    }
  /** A gateway's own error page; `arrives`: the request took effect. */
  | { readonly kind: "gateway"; readonly status: 502 | 503 | 504; readonly arrives: boolean }

export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly fault: Fault["kind"]
}

export type ServiceFetch = (request: Request) => Response | Promise<Response>

export class FaultyNetwork {
  readonly seen: SeenRequest[] = []
  readonly #service: ServiceFetch
  #choose: (method: string, path: string) => Fault = () => ({ kind: "none" })
  #late: (() => Promise<unknown>)[] = []
  #running = 0

  constructor(service: ServiceFetch) {
    this.#service = service
  }

  /** Decides the fault of each request from now on. */
  inject(choose: (method: string, path: string) => Fault): void {
    this.#choose = choose
  }

  /** The service works on a request, other than one that waits for records. */
  get isBusy(): boolean {
    return this.#running > 0
  }

  /** These faults for the next requests that match, then none. */
  script(method: string, pattern: RegExp, ...faults: readonly Fault[]): void {
    const left = [...faults]
    this.inject((seenMethod, path) => {
      if (seenMethod !== method || !pattern.test(path)) return { kind: "none" }
      return left.shift() ?? { kind: "none" }
    })
  }

  /** Requests of this kind that were seen. */
  count(method: string, pattern: RegExp): number {
    return this.seen.filter((request) => request.method === method && pattern.test(request.path)).length
  }

  /** Lets the oldest late request arrive, or, with `all`, every one of them in the order they were sent. */
  async deliverLate(which: "oldest" | "all" = "all"): Promise<void> {
    const arriving = which === "all" ? this.#late : this.#late.slice(0, 1)
    this.#late = this.#late.slice(arriving.length)
    for (const deliver of arriving) await deliver()
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname, search } = new URL(url)
    const method = init.method ?? "GET"
    const path = pathname + search
    const fault = this.#choose(method, path)
    this.seen.push({ method, path, fault: fault.kind })
    init.signal?.throwIfAborted()
    const { signal, ...withoutSignal } = init
    // A request that reached the service goes on there even when the client leaves; a reader that waits leaves with it.
    const reads = method === "GET" || pathname === "/v1/fetch" || pathname.endsWith("/poll")
    const waits = /[?&]wait=[1-9]/.test(search) || pathname === "/v1/fetch"
    const request = () => this.#service(new Request(url, reads ? init : withoutSignal))
    const arrive = async () => (waits ? request() : this.#work(request))
    return abortable(this.#answer(fault, arrive), signal ?? undefined)
  }

  async #work(request: () => Response | Promise<Response>): Promise<Response> {
    this.#running++
    try {
      return await request()
    } finally {
      this.#running--
    }
  }

  async #answer(fault: Fault, arrive: () => Promise<Response>): Promise<Response> {
    switch (fault.kind) {
      case "none":
        return arrive()
      case "refused":
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) })
      case "lost_request":
        throw reset()
      case "lost_answer":
        await arrive()
        throw reset()
      case "cut_body":
        return cut(await arrive())
      case "late":
        this.#late.push(arrive)
        throw reset()
      case "hangs":
        if (fault.arrives) await arrive()
        return new Promise(() => {})
      case "problem":
        return Response.json(problem(fault.code, "injected"), {
          status: problem(fault.code, "").status,
          headers: { "content-type": "application/problem+json", ...retryAfter(fault.retryAfter) },
        })
      case "gateway":
        if (fault.arrives) await arrive()
        return new Response("<html>Bad gateway</html>", { status: fault.status })
    }
  }
}

function retryAfter(seconds: string | undefined): Record<string, string> {
  return seconds === undefined ? {} : { "retry-after": seconds }
}

function reset(): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) })
}

function cut(answer: Response): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new Uint8Array([0x7b]))
      controller.error(reset())
    },
  })
  return new Response(body, { status: answer.status, headers: answer.headers })
}

function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}
