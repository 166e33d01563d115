import { describe, expect, it } from 'vitest'
import { allow, deny, exampleRule, request, ruleDecision } from '../../test/verdicts.js'
import { StoreError } from '../core/decision.js'
import { MINUTE, SECOND } from '../core/units.js'
import { IdentityError } from '../identity/identity.js'
import type { AnswerOptions, Verdict } from '../verdict.js'
import { answerOf } from './answer.js'

const options: AnswerOptions = { headers: 'draft', status: 429, body: 'problem' }
const towns = exampleRule(['1/second'])
const allowed = ruleDecision(towns, 'allowed', { remaining: 0, resetAfter: SECOND })
const denied = ruleDecision(towns, 'denied', { resetAfter: SECOND, retryAfter: SECOND })

/** The answer with its fields by name and its JSON body read. */
function told(verdict: Verdict, changes: Partial<AnswerOptions> = {}, from = request()) {
  const given = answerOf(verdict, from, { ...options, ...changes })
  const fields: Record<string, string> = Object.fromEntries(given.fields)
  return given.kind === 'pass' ? { ...given, fields } : { ...given, fields, body: given.body ?? '' }
}

describe('the answer to an allowed request', () => {
  it('passes with the fields of every decision', () => {
    const wide = ruleDecision(exampleRule(['9/minute'], { name: 'wide' }), 'allowed', { remaining: 8 })
    expect(told(allow(allowed, wide))).toEqual({
      kind: 'pass',
      fields: {
        'RateLimit-Policy': '"towns";q=1;w=1, "wide";q=9;w=60',
        RateLimit: '"towns";r=0;t=1, "wide";r=8;t=0',
      },
    })
  })

  it('carries the generation of fields that the policy names', () => {
    const names = (headers: AnswerOptions['headers']) => Object.keys(told(allow(allowed), { headers }).fields)
    const legacy = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']
    expect(names('legacy')).toEqual(legacy)
    expect(names('both')).toEqual(['RateLimit-Policy', 'RateLimit', ...legacy])
    expect(names('none')).toEqual([])
  })

  it('lets a script of another origin read the fields', () => {
    const { fields } = told(allow(allowed), {}, request('GET', '/', { origin: 'https://a.example' }))
    expect(fields['Access-Control-Expose-Headers']).toBe('RateLimit-Policy, RateLimit')
  })

  it('exposes nothing where there is nothing to read', () => {
    const { fields } = told(allow(), {}, request('GET', '/', { origin: 'https://a.example' }))
    expect(fields).toEqual({})
  })

  it('shows nothing of a shadow rule', () => {
    const verdict = { ...allow(allowed), shadows: [{ ...denied, rule: { ...towns, name: 'tried' } }] }
    expect(JSON.stringify(answerOf(verdict, request(), options))).not.toContain('tried')
  })
})

describe('the answer to a denied request', () => {
  it('is a problem document that is not stored, with the fields and a wait', () => {
    const { body, ...rest } = told(deny(denied)) as ReturnType<typeof told> & { body: string }
    expect(rest).toEqual({
      kind: 'refuse',
      status: 429,
      fields: {
        'RateLimit-Policy': '"towns";q=1;w=1',
        RateLimit: '"towns";r=0;t=1',
        'Retry-After': '1',
        'Cache-Control': 'no-store',
        'Content-Type': 'application/problem+json',
      },
    })
    expect(body).toBe(
      '{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Quota Exceeded","status":429,' +
        '"detail":"1 request per second for this client. Try again in 1 second.",' +
        '"violated-policies":["towns"],"retry-after":1}',
    )
  })

  it('rounds the wait up to whole seconds, and never to none', () => {
    const wait = (retryAfter: number) => told(deny(ruleDecision(towns, 'denied', { retryAfter }))).fields['Retry-After']
    expect(wait(1)).toBe('1')
    expect(wait(SECOND)).toBe('1')
    expect(wait(SECOND + 1)).toBe('2')
  })

  it('exposes the wait too', () => {
    const { fields } = told(deny(denied), { headers: 'none' }, request('GET', '/', { origin: 'https://a.example' }))
    expect(fields['Access-Control-Expose-Headers']).toBe('Retry-After')
  })

  it('has the same fields and no body for HEAD', () => {
    const get = answerOf(deny(denied), request('GET'), options)
    const head = answerOf(deny(denied), request('HEAD'), options)
    expect(head).toEqual({ ...get, body: undefined })
  })

  it('takes the status, the text and the content that the policy gives', () => {
    const page = { content: '<h1>Slow down</h1>', contentType: 'text/html' }
    expect(told(deny(denied), { status: 503 })).toMatchObject({
      status: 503,
      body: expect.stringContaining('"status":503'),
    })
    expect(told(deny(denied), { body: 'text' })).toMatchObject({
      fields: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: '1 request per second for this client. Try again in 1 second.\n',
    })
    expect(told(deny(denied), { body: page })).toMatchObject({
      fields: { 'Content-Type': 'text/html' },
      body: page.content,
    })
  })
})

describe('the answer to other refusals', () => {
  it('has no wait where the cost will never pass', () => {
    const impossible = ruleDecision(towns, 'impossible', { retryAfter: Number.POSITIVE_INFINITY })
    const given = told(deny(impossible))
    expect(given).toMatchObject({ status: 429, body: expect.stringContaining('will never pass') })
    expect(given.fields).not.toHaveProperty('Retry-After')
  })

  it('is 503 where the store failed and the policy says deny', () => {
    const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
    const failed = { ...allow({ rule: towns, decision: { kind: 'unknown', cause } }), kind: 'undecided' } as const
    const given = told({ ...failed, onStoreFailure: 'deny' })
    expect(given).toMatchObject({
      status: 503,
      fields: { 'Retry-After': '1', 'Cache-Control': 'no-store' },
      body: expect.stringContaining('#temporary-reduced-capacity'),
    })
    expect(given.fields).not.toHaveProperty('RateLimit')
    expect(told({ ...failed, onStoreFailure: 'allow' })).toEqual({ kind: 'pass', fields: {} })
  })

  it('is 401 with a challenge where nobody is known to be asking', () => {
    const error = new IdentityError('ERR_SPILLWAY_ANONYMOUS', 'secret details')
    const given = told({ kind: 'unidentified', error }, { body: { content: 'page', contentType: 'text/html' } })
    expect(given).toMatchObject({ status: 401, fields: { 'WWW-Authenticate': 'Bearer', 'Cache-Control': 'no-store' } })
    expect(given).toMatchObject({ body: expect.stringContaining('"about:blank"') })
    expect(JSON.stringify(given)).not.toContain('secret')
  })

  it('is 400 with its reason where the target is ambiguous', () => {
    const given = told({ kind: 'malformed', reason: 'The path holds a NUL.' })
    expect(given).toMatchObject({ status: 400, body: expect.stringContaining('The path holds a NUL.') })
  })

  it('names abnormal usage where the client is blocked', () => {
    const blocked = ruleDecision(towns, 'blocked', { retryAfter: 15 * MINUTE })
    expect(told(deny(blocked))).toMatchObject({
      status: 429,
      fields: { 'Retry-After': '900' },
      body: expect.stringContaining('#abnormal-usage-detected'),
    })
  })
})
