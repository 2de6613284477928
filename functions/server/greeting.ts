/** What a person sees who starts the server: where it is, and what to try next. */
export function greeting(url: string, place: string): string {
  return `Stratalog serves ${url}  (data in ${place}; docs at ${url}/docs; stop with Ctrl-C)

Try it, in another terminal:

  curl -X PUT ${url}/v1/topics/orders --json '{"partitions":3}'
  curl ${url}/v1/topics/orders/records --json '{"records":[{"key":"u1","value":{"qty":2}}]}'
  curl '${url}/v1/topics/orders/partitions/1/records?offset=earliest&wait=10s'
  curl -N -H 'Accept: text/event-stream' '${url}/v1/topics/orders/partitions/1/records'
`
}
