import 'reflect-metadata'
import type { RequestListener } from 'node:http'
import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { Controller, Get, Module } from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { SpillwayModule } from 'spillway/nest'

/** An application of NestJS on Express with one controller, and what else is `prepare`d. */
export async function nestServer(
  answer: unknown,
  metadata: ModuleMetadata = {},
  prepare: (app: INestApplication) => unknown = () => undefined,
): Promise<RequestListener> {
  class Towns {
    list() {
      return answer
    }
  }
  class App {}
  // As a compiler with `experimentalDecorators` applies them.
  Get('*path')(Towns.prototype, 'list', Object.getOwnPropertyDescriptor(Towns.prototype, 'list') as PropertyDescriptor)
  Controller()(Towns)
  Module({ ...metadata, controllers: [Towns] })(App)
  const app = await NestFactory.create<NestExpressApplication>(App, { logger: false })
  await prepare(app)
  await app.init()
  return app.getHttpAdapter().getInstance()
}

export function nestSpillway(answer: unknown, limit: string): Promise<RequestListener> {
  return nestServer(answer, { imports: [SpillwayModule.forRoot({ limit })] })
}

/** At each request it goes through a list of all those of the client in the window, so that a long one never ends. */
export async function nestThrottler(answer: unknown, ttl: number, limit: number): Promise<RequestListener> {
  const { ThrottlerGuard, ThrottlerModule } = await import('@nestjs/throttler')
  return nestServer(answer, {
    imports: [ThrottlerModule.forRoot([{ ttl, limit }])],
    providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
  })
}
