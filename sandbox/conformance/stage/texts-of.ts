/** Headers or trailers as Node gives them, each as one text; pseudo-headers left out. */
export const textsOf = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => [name, [value].flat().join()]),
  )
