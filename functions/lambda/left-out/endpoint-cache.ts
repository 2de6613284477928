/** Stands in the bundles for a cache of discovered endpoints, which DynamoDB's client makes, and none of our commands asks. */
export class EndpointCache {
  get(): never {
    throw leftOut()
  }

  getEndpoint(): never {
    throw leftOut()
  }
}

function leftOut(): Error {
  return new Error("The discovery of endpoints is not in a function's bundle.")
}
