import type { DifferentialCase } from '../differential-case.ts'
import { text } from './headers.ts'

/** Exchanges that Envoy answers itself. */
export const answeredByEnvoy: DifferentialCase[] = [
  {
    name: 'no Host header',
    script: {
      refusedBeforeFilter: true,
      request: { path: '/hostless', authority: '', headers: { accept: 'text/plain' } },
      response: { status: 400, headers: { connection: 'close' } },
      facts: { codeDetails: 'missing_host_header', clusterName: null },
    },
  },
  {
    name: 'no route',
    listener: 'unrouted',
    script: {
      request: { method: 'POST', body: 'not seen' },
      response: { status: 404, localReply: 'while-decoding' },
      facts: { codeDetails: 'route_not_found', responseFlags: 256, clusterName: null },
    },
  },
  {
    name: 'direct response',
    script: {
      request: { path: '/direct' },
      response: {
        status: 418,
        localReply: 'while-decoding',
        body: 'teapot',
        headers: text('teapot'),
      },
      facts: { codeDetails: 'direct_response', clusterName: null },
    },
  },
  {
    name: 'redirect',
    script: {
      request: { path: '/redirect' },
      response: {
        status: 301,
        localReply: 'while-decoding',
        headers: { location: 'http://api.example.com/elsewhere' },
      },
      facts: { codeDetails: 'direct_response', clusterName: null },
    },
  },
  {
    name: 'no healthy upstream',
    script: {
      request: { path: '/unhealthy' },
      response: {
        status: 503,
        localReply: 'while-decoding',
        body: 'no healthy upstream',
        headers: text('no healthy upstream'),
      },
      facts: { codeDetails: 'no_healthy_upstream', responseFlags: 2, clusterName: 'empty' },
    },
  },
  {
    name: 'refused by a filter behind the plugin',
    listener: 'refused-after',
    script: {
      request: { path: '/secret', headers: { 'x-user-id': 'user-4' } },
      response: {
        status: 403,
        localReply: 'while-decoding',
        body: 'RBAC: access denied',
        headers: text('RBAC: access denied'),
      },
      facts: { codeDetails: 'rbac_access_denied_matched_policy[nobody]' },
    },
  },
  {
    name: 'refused by a filter in front of the plugin',
    listener: 'refused-before',
    script: {
      refusedBeforeFilter: true,
      request: { path: '/secret', headers: { 'x-user-id': 'user-5' } },
      response: { status: 403, headers: text('RBAC: access denied') },
      facts: { codeDetails: 'rbac_access_denied_matched_policy[nobody]' },
    },
  },
]
