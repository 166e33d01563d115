import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common'
import { decorated, nestApplication, platforms, served } from '../../../test/nest-application.js'
import type { AdapterServer, AdapterSetup } from '../../testing/adapter-scene.js'
import { guessOptions, planLimit } from '../../testing/adapter-scene.js'
import { adapterSuite } from '../../testing/adapter-suite.js'
import type { NestHooks, NestRequest, NestResponse } from './index.js'
import { RateLimit, SpillwayModule, verdictOf } from './index.js'

const hooks: NestHooks = {
  onDenied: ({ kind }, _, response) => end(response, `denied: ${kind}`),
  onIdentityError: ({ code }, _, response) => end(response, `identity: ${code}`),
}

function end(response: NestResponse, body: string): void {
  if ('raw' in response) response.send(body)
  else response.end(body)
}

function headersOf(request: NestRequest): IncomingMessage['headers'] {
  return (request as unknown as IncomingMessage).headers
}

function rawOf(response: NestResponse): ServerResponse {
  return 'raw' in response ? response.raw : response
}

function status(response: NestResponse, code: number): void {
  if ('raw' in response) response.code(code)
  else response.statusCode = code
}

const plan = planLimit((request: NestRequest, name) => headersOf(request)[name]?.toString())

/** Decorated anew for each application: a limit without a store counts in one of its own. */
function controller(resume: Promise<void>) {
  class Routes {
    readOk() {
      return 'ok'
    }
    verdict(request: NestRequest) {
      return verdictOf(request)?.kind
    }
    async upload(request: NestRequest) {
      return String((await buffer(request.raw ?? (request as unknown as IncomingMessage))).length)
    }
    async stream(response: NestResponse) {
      const raw = rawOf(response)
      if ('raw' in response) {
        for (const [name, value] of Object.entries((response as unknown as { getHeaders(): object }).getHeaders())) {
          raw.setHeader(name, value as string)
        }
        ;(response as unknown as { hijack(): void }).hijack()
      }
      raw.write('one')
      await resume
      raw.end('two')
    }
    throws() {
      throw new Error('thrown by the handler')
    }
    hang() {
      return new Promise(() => undefined)
    }
    status(code: string, response: NestResponse) {
      status(response, Number(code))
      end(response, '')
    }
    plan() {
      return 'ok'
    }
    guess(request: NestRequest, response: NestResponse) {
      status(response, Number(headersOf(request)['x-status'] ?? 401))
      end(response, '')
    }
    login() {
      return 'welcome'
    }
  }
  return decorated(Routes, {
    on: [Controller()],
    methods: {
      readOk: [Get('ok')],
      verdict: [Get('verdict')],
      upload: [HttpCode(200), Post('upload')],
      stream: [Get('stream')],
      throws: [Get('throws')],
      hang: [Get('hang')],
      status: [Get('status/:status')],
      plan: [RateLimit(plan.limit, plan.options), Get('plan')],
      guess: [RateLimit('2/minute', guessOptions), Get('guess')],
      login: [Get('login'), RateLimit('2/minute', { name: 'login' })],
    },
    parameters: {
      verdict: [Req()],
      upload: [Req()],
      stream: [Res()],
      status: [Param('status'), Res()],
      guess: [Req(), Res()],
    },
  })
}

for (const platform of Object.keys(platforms) as (keyof typeof platforms)[]) {
  adapterSuite(
    `Nest on ${platform}`,
    async ({ guard, hooks: hooked, resume }: AdapterSetup): Promise<AdapterServer> => {
      const imports = [SpillwayModule.forRoot({ limit: guard, ...(hooked && hooks) })]
      const app = await nestApplication({ imports, controllers: [controller(resume)] }, platform)
      if (platform === 'Fastify') {
        app
          .getHttpAdapter()
          .getInstance()
          .addContentTypeParser('*', (_: unknown, payload: unknown, done: (error: null, body: unknown) => void) =>
            done(null, payload),
          )
      }
      return served(app)
    },
  )
}
