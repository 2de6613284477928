import { expect, it } from "vitest"
import { fallbacksAmong } from "../../tools/localstack/fallbacks.ts"

it("finds what LocalStack only said that it made, once each", () => {
  const reason = "Resource type AWS::ApiGatewayV2::Api is not supported but was deployed as a fallback"
  expect(fallbacksAmong(["User Initiated", reason, reason])).toEqual(["AWS::ApiGatewayV2::Api"])
  expect(fallbacksAmong(["User Initiated"])).toEqual([])
})

it("passes over what nothing misses", () => {
  const reason = "Resource type AWS::CloudWatch::Dashboard is not supported but was deployed as a fallback"
  expect(fallbacksAmong([reason])).toEqual([])
})
