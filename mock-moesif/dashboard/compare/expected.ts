/** Fields that differ between any two exchanges: they are listed after the differences that matter. */
const expected =
  /^\/(?:request\/time|response\/time|transaction_id|trace_id|metadata\/request_id|metadata\/duration[^/]*|(?:request|response)\/headers\/(?:date|x-request-id|traceparent|x-mock-moesif-send|x-envoy-upstream-service-time))$/

export function isExpected(pointer: string): boolean {
  return expected.test(pointer)
}
