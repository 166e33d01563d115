import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Projects } from './examples/empty-projects.js'
import { emptyProjects } from './examples/empty-projects.js'
import type { Started } from './examples/serving.js'
import { startedIn, times } from './examples/serving.js'

/** What each example needs besides the library, and how its limit shows. */
const EXAMPLES = {
  'express 5': { example: 'express', packages: ['express'], asks: '/towns', passes: 20 },
  'express 4': { example: 'express', packages: ['express@4'], asks: '/towns', passes: 20 },
  fastify: { example: 'fastify', packages: ['fastify'], asks: '/towns', passes: 20 },
  koa: { example: 'koa', packages: ['koa'], asks: '/towns', passes: 20 },
  hono: { example: 'hono', packages: ['hono', '@hono/node-server'], asks: '/towns', passes: 20 },
  fetch: { example: 'fetch', packages: ['hono', '@hono/node-server'], asks: '/towns', passes: 20 },
  node: { example: 'node', packages: [], asks: '/towns', passes: 20 },
  nest: {
    example: 'nest',
    packages: [
      ...['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', '@nestjs/platform-fastify'],
      ...['reflect-metadata', 'rxjs'],
    ],
    asks: '/towns',
    passes: 20,
  },
  trpc: { example: 'trpc', packages: ['@trpc/server'], asks: '/towns', passes: 5 },
  graphql: {
    example: 'graphql',
    packages: ['graphql', 'graphql-http'],
    asks: '/graphql?query={towns{name}}',
    passes: 5,
  },
  ws: { example: 'ws', packages: ['ws'], asks: undefined, passes: 5 },
} as const

/** An install waits for the registry, and for whatever else the machine does. */
const PATIENCE = 180_000

describe('the packed library installs into an empty project with nothing but', () => {
  let projects: Projects
  beforeAll(() => {
    projects = emptyProjects(EXAMPLES)
  })
  afterAll(() => rm(projects.folder, { recursive: true, force: true }), PATIENCE)

  it.each(Object.entries(EXAMPLES))(
    '%s, whose example runs there and limits',
    async (name, { asks, passes }) => {
      const program = await startedIn(await projects.installed(name), ['start.js'])
      const ask = asks === undefined ? () => opens(program) : () => answers(program, asks)
      for (const _ of times(passes, name)) expect(await ask()).toBe('passes')
      expect(await ask()).toBe('is refused')
    },
    PATIENCE,
  )
})

/** A refusal in GraphQL is one in the body. */
async function answers({ get }: Started, path: string): Promise<string> {
  const { status, body } = await get(path, { accept: 'application/json' })
  if (status === 429 || body.includes('"errors"')) return 'is refused'
  return status === 200 ? 'passes' : `${status} ${body}`
}

/** Opens a connection, which is closed with the program. */
async function opens({ port }: Started): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  try {
    await once(socket, 'open')
    return 'passes'
  } catch (error) {
    return String(error).includes('429') ? 'is refused' : String(error)
  }
}
