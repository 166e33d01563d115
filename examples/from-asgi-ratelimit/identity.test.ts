import session from 'express-session'
import { SignJWT } from 'jose'
import type { IdentitySource } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import { fakeClock } from 'spillway/testing'
import { describe, expect, it } from 'vitest'
import type { Served } from '../../test/examples/serving.js'
import { serving, times } from '../../test/examples/serving.js'
import { application } from './app.js'
import { byAddress, bySession, byToken } from './identity.js'
import { rules } from './rules.js'

const SECRET = 'a secret that is shared with the issuer of tokens'

function serve(source: IdentitySource, ...middleware: Parameters<typeof session>): Promise<Served> {
  const store = memoryStore({ clock: fakeClock() })
  const guard = createGuard({ rules: rules.townsAndForests, identity: [source], anonymous: 'deny', store })
  return serving(application(guard, middleware.length > 0 ? session(...middleware) : undefined))
}

function token(claims: Readonly<Record<string, string>>, secret = SECRET): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` })

describe('the client address', () => {
  it('is that of the connection, which need be no public one', async () => {
    const { statuses } = await serve(byAddress)
    expect(await statuses(['/forests', '/forests'])).toEqual([200, 429])
  })

  it('is what a trusted proxy says', async () => {
    const { statuses } = await serve(byAddress)
    expect(await statuses(['/forests', '/forests'], { 'x-real-ip': '198.51.100.7' })).toEqual([200, 429])
    expect(await statuses(['/forests'], { 'x-real-ip': '198.51.100.8' })).toEqual([200])
  })
})

describe('a session', () => {
  const options = { secret: SECRET, resave: false, saveUninitialized: false }
  const logIn = async ({ send }: Served, user: string) => {
    const { headers } = await send(`/login/${user}`, { method: 'POST' })
    return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
  }

  it('says who asks, and of which group', async () => {
    const served = await serve(bySession, options)
    const [mia, noah, ada] = [await logIn(served, 'mia'), await logIn(served, 'noah'), await logIn(served, 'ada')]
    expect(await served.statuses(['/forests', '/forests'], mia)).toEqual([200, 429])
    expect(await served.statuses(['/forests'], noah)).toEqual([200])
    expect(await served.statuses(times(3, '/forests'), ada)).toEqual([200, 200, 200])
  })

  it('without a user is nobody', async () => {
    const { statuses } = await serve(bySession, options)
    expect(await statuses(['/forests'])).toEqual([401])
  })
})

describe('a token', () => {
  it('says who asks, and of which group', async () => {
    const { statuses } = await serve(byToken(SECRET))
    expect(await statuses(['/forests', '/forests'], bearer(await token({ user: 'mia' })))).toEqual([200, 429])
    expect(await statuses(['/forests'], bearer(await token({ user: 'noah' })))).toEqual([200])
    const admin = bearer(await token({ user: 'ada', group: 'admin' }))
    expect(await statuses(times(3, '/forests'), admin)).toEqual([200, 200, 200])
  })

  it('that somebody forged, or without a user, is refused', async () => {
    const { statuses } = await serve(byToken(SECRET))
    const forged = await token({ user: 'mia' }, 'a secret that the issuer knows nothing about')
    expect(await statuses(['/forests'], bearer(forged))).toEqual([401])
    expect(await statuses(['/forests'], bearer(await token({ name: 'mia' })))).toEqual([401])
    expect(await statuses(['/forests'])).toEqual([401])
  })
})
