import 'reflect-metadata'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { INestApplication, ModuleMetadata, Type } from '@nestjs/common'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { AdapterServer } from '../src/testing/adapter-scene.js'

/**
 * What stands on a class, and on its methods; on a method the last is applied first, as it is where they are written
 * above it.
 */
export interface Decorations {
  readonly on?: readonly ClassDecorator[]
  readonly methods?: Readonly<Record<string, readonly MethodDecorator[]>>
  /** By method: what stands on its parameters, in their order. */
  readonly parameters?: Readonly<Record<string, readonly ParameterDecorator[]>>
}

/** Decorates a class as Nest's decorators do where a compiler has `experimentalDecorators`: these tests have none. */
export function decorated<T extends Type>(type: T, { on = [], methods = {}, parameters = {} }: Decorations): T {
  const { prototype } = type
  for (const [name, decorators] of Object.entries(parameters)) {
    for (const [index, decorate] of decorators.entries()) decorate(prototype, name, index)
  }
  for (const [name, decorators] of Object.entries(methods)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
    const changed = Reflect.decorate([...decorators], prototype, name, descriptor)
    if (changed !== undefined) Object.defineProperty(prototype, name, changed)
  }
  return Reflect.decorate([...on], type) as T
}

/** The platforms that Nest runs on. */
export const platforms = {
  Express: () => new ExpressAdapter(),
  Fastify: () => new FastifyAdapter({ forceCloseConnections: true }),
}

/** An application of one module. */
export function nestApplication(
  metadata: ModuleMetadata,
  platform: keyof typeof platforms = 'Express',
): Promise<INestApplication> {
  const AppModule = decorated(class {}, { on: [Module(metadata)] })
  return NestFactory.create(AppModule, platforms[platform](), { logger: false, abortOnError: false })
}

/** Lets an application listen on a free port. */
export async function served(app: INestApplication): Promise<AdapterServer> {
  await app.listen(0, '127.0.0.1')
  const server: Server = app.getHttpServer()
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections()
      return app.close()
    },
  }
}
