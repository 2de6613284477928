/** The least that a Hono server does: reads the body and answers its length. Prints its port. */
import { serve } from "@hono/node-server"
import { Hono } from "hono"

const app = new Hono()
app.post("/echo/:topic/records", async (context) =>
  context.json({ s: context.req.param("topic"), n: (await context.req.arrayBuffer()).byteLength }),
)
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => process.stdout.write(`${port}\n`))
