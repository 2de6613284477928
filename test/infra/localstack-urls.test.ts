import { expect, it } from "vitest"
import { localStackUrls } from "../../tools/localstack/urls.ts"

it("finds a plain address for a REST API on LocalStack", () => {
  const outputs = {
    Stratalog: {
      Url: "https://gh4qqjjh33.execute-api.localhost:4566/live/",
      TableName: "table-1",
      BucketName: "bucket-1",
    },
  }
  expect(localStackUrls(outputs, "http://127.0.0.1:4566")).toEqual({
    api: "http://127.0.0.1:4566/_aws/execute-api/gh4qqjjh33/live",
    table: "table-1",
    bucket: "bucket-1",
  })
  const withNews = { Stratalog: { ...outputs.Stratalog, NewsTopicArn: "arn:aws:sns:us-east-1:000000000000:news" } }
  expect(localStackUrls(withNews, "http://127.0.0.1:4566").newsTopic).toMatch(/news$/)
  const line =
    "aws lambda invoke --function-name Stratalog-ServiceAdmin-x1 --region us-east-1 --payload '{}' /dev/stdout"
  const withKeys = { Stratalog: { ...outputs.Stratalog, FirstKey: line } }
  expect(localStackUrls(withKeys, "http://127.0.0.1:4566").keyMaker).toBe("Stratalog-ServiceAdmin-x1")
  expect(() => localStackUrls({}, "http://127.0.0.1:4566")).toThrow("Stratalog")
})
