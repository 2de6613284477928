/** A lean HTTP/1.1 client over one socket, so that the load generator costs little beside the server it measures. */
import { connect, type Socket } from "node:net"

export interface RawResponse {
  readonly status: number
  readonly head: string
  readonly body: Buffer
}

const HEAD_END = Buffer.from("\r\n\r\n")

/** The bytes of a request, built once before the run. */
export function request(method: string, path: string, headers: readonly string[], body?: Uint8Array): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, "Host: bench", ...headers]
  if (body !== undefined) lines.push(`Content-Length: ${body.length}`)
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), body ?? Buffer.alloc(0)])
}

export class HttpConnection {
  readonly #socket: Socket
  #chunks: Buffer[] = []
  #size = 0
  /** Bytes of the whole response, known once its head is there. */
  #wanted = Number.POSITIVE_INFINITY
  #headLength = 0
  #settle: { resolve: (response: RawResponse) => void; reject: (error: Error) => void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on("data", (chunk) => this.#take(chunk))
    socket.on("error", (error) => this.#settle?.reject(error))
    socket.on("close", () => this.#settle?.reject(new Error("the server closed the connection")))
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1")
      socket.once("error", reject)
      socket.once("connect", () => resolve(new HttpConnection(socket)))
    })
  }

  send(bytes: Uint8Array): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(bytes)
    })
  }

  close(): void {
    this.#settle = undefined
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#wanted === Number.POSITIVE_INFINITY) this.#readHead()
    if (this.#size >= this.#wanted) this.#finish()
  }

  #readHead(): void {
    const start = this.#chunks.length === 1 ? (this.#chunks[0] ?? HEAD_END) : Buffer.concat(this.#chunks)
    const end = start.indexOf(HEAD_END)
    if (end === -1) return
    this.#headLength = end + HEAD_END.length
    const head = start.toString("latin1", 0, end)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    this.#wanted = this.#headLength + Number(length ?? 0)
  }

  #finish(): void {
    const whole = this.#chunks.length === 1 ? (this.#chunks[0] ?? HEAD_END) : Buffer.concat(this.#chunks)
    const head = whole.toString("latin1", 0, this.#headLength)
    const response = { status: Number(head.slice(9, 12)), head, body: whole.subarray(this.#headLength, this.#wanted) }
    this.#chunks = []
    this.#size = 0
    this.#wanted = Number.POSITIVE_INFINITY
    const settle = this.#settle
    this.#settle = undefined
    settle?.resolve(response)
  }
}
