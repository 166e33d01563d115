import { describe, expect, it } from 'vitest'
import { StoreError } from '../../core/decision.js'
import { isNoScript, redisError } from './error.js'

const codeOf = (message: string) => redisError(new Error(message)).code

describe('redisError', () => {
  it("has the server's code, as replies of today and of before Redis 7 tell it", () => {
    expect(codeOf("READONLY You can't write against a read only replica. script: 2b0d, on @user_script:1.")).toBe(
      'ERR_SPILLWAY_STORE_READONLY',
    )
    expect(
      codeOf('ERR Error running script (call to f_2b0d): @user_script:9: -OOM command not allowed when used memory'),
    ).toBe('ERR_SPILLWAY_STORE_OOM')
    expect(codeOf('CLUSTERDOWN The cluster is down')).toBe('ERR_SPILLWAY_STORE_CLUSTERDOWN')
  })

  it('says that the store failed where nothing more is known, and keeps the cause', () => {
    const cause = new Error('Connection is closed.')
    expect(redisError(cause)).toMatchObject({ code: 'ERR_SPILLWAY_STORE_FAILED', cause })
    expect(codeOf('ERR user_script:79: attempt to perform arithmetic on a nil value')).toBe('ERR_SPILLWAY_STORE_FAILED')
    expect(redisError('no error at all').code).toBe('ERR_SPILLWAY_STORE_FAILED')
  })

  it('hands on what is a fault of the store already', () => {
    const fault = new StoreError('ERR_SPILLWAY_STORE_TIMEOUT', 'late')
    expect(redisError(fault)).toBe(fault)
  })

  it('knows a server that does not know the script', () => {
    expect(isNoScript(new Error('NOSCRIPT No matching script. Please use EVAL.'))).toBe(true)
    expect(isNoScript(new Error('the script said NOSCRIPT'))).toBe(false)
  })
})
