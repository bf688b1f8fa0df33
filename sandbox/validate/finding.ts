export interface Finding {
  severity: 'error' | 'warning'
  /** 1-based line of the file. */
  line: number
  message: string
}

export const error = (line: number, message: string): Finding => ({
  severity: 'error',
  line,
  message,
})

export const warning = (line: number, message: string): Finding => ({
  severity: 'warning',
  line,
  message,
})
