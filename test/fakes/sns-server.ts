/** An SNS that takes what is published to it, and hands it over as Lambda's events. */
import { createServer, type ServerResponse } from "node:http"
import { listenOnLoopback } from "../aws/loopback-server.ts"

export interface SnsServer {
  readonly endpoint: string
  /** What was published, as it was sent. */
  readonly published: readonly URLSearchParams[]
  /** The same, as a subscribed function gets it. */
  events(): readonly unknown[]
  /** Forgets what was published. */
  forget(): void
  behave(how: "accept" | "refuse" | "hang"): void
  stop(): Promise<void>
}

const ACCEPTED = "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"

export async function startSnsServer(): Promise<SnsServer> {
  const published: URLSearchParams[] = []
  let how: "accept" | "refuse" | "hang" = "accept"
  const answer = (body: string, response: ServerResponse) => {
    if (how === "refuse") response.writeHead(500).end()
    if (how !== "accept") return
    published.push(new URLSearchParams(body))
    response.writeHead(200, { "content-type": "text/xml" }).end(ACCEPTED)
  }
  const server = await listenOnLoopback(
    createServer((request, response) => {
      let body = ""
      request.on("data", (chunk) => {
        body += chunk
      })
      request.on("end", () => answer(body, response))
    }),
  )
  return {
    endpoint: server.endpoint,
    published,
    events: () => published.map(eventOf),
    forget: () => {
      published.length = 0
    },
    behave: (next) => {
      how = next
    },
    stop: server.stop,
  }
}

/** As in https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html. */
function eventOf(published: URLSearchParams): unknown {
  const topicArn = published.get("TopicArn")
  return {
    Records: [
      {
        EventVersion: "1.0",
        EventSubscriptionArn: `${topicArn}:21be56ed-a058-49f5-8c98-aedd2564c486`,
        EventSource: "aws:sns",
        Sns: {
          SignatureVersion: "1",
          Timestamp: "2019-01-02T12:45:07.000Z",
          Signature: "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j...65r==",
          SigningCertUrl: "https://sns.us-east-1.amazonaws.com/SimpleNotificationService.pem",
          MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
          Message: published.get("Message"),
          MessageAttributes: {},
          Type: "Notification",
          UnsubscribeUrl: "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
          TopicArn: topicArn,
          Subject: null,
        },
      },
    ],
  }
}
