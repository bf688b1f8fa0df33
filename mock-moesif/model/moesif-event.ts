/** An event as Moesif documents it, with what its clients add. */
export interface MoesifEvent {
  request: MoesifRequest
  response?: MoesifResponse | null
  transaction_id?: string | null
  session_token?: string | null
  user_id?: string | null
  company_id?: string | null
  subscription_id?: string | null
  direction?: string | null
  weight?: number | null
  metadata?: Record<string, unknown> | null
  blocked_by?: string | null
  [name: string]: unknown
}

interface Side {
  /** ISO-8601 */
  time: string
  headers: Record<string, string>
  body?: any
  /** How `body` is written in the event. */
  transfer_encoding?: 'json' | 'base64' | null
  ip_address?: string | null
  [name: string]: unknown
}

export interface MoesifRequest extends Side {
  uri: string
  verb: string
  api_version?: string | null
}

export interface MoesifResponse extends Side {
  status: number
}
