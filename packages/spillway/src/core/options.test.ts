import { describe, expect, it } from 'vitest'
import { choiceOption, headerOption, integerOption, onlyOptions, textOption } from './options.js'

describe('onlyOptions', () => {
  it('takes what it knows, and nothing', () => {
    expect(() => onlyOptions('session', { user: 'id' }, ['user', 'group'])).not.toThrow()
    expect(() => onlyOptions('session', {}, ['user', 'group'])).not.toThrow()
  })

  it('names what it does not know, whatever its value, and what there is instead', () => {
    const fault = new TypeError('session: there is no option "usr", only user, group')
    expect(() => onlyOptions('session', { user: 'id', usr: undefined }, ['user', 'group'])).toThrow(fault)
  })

  it.each([undefined, null, 'user', 7])('takes no %j for options', (options) => {
    expect(() => onlyOptions('session', options, [])).toThrow(new TypeError('session: expected an object of options'))
  })
})

describe('an option', () => {
  it.each([
    [textOption('id', 'user'), 'id'],
    [headerOption('X-API-Key', 'name'), 'x-api-key'],
    [integerOption(1, 1, 128, 'bits'), 1],
    [integerOption(128, 1, 128, 'bits'), 128],
    [choiceOption(false, [true, false], 'verified'), false],
  ])('is given back: %j', (given, expected) => {
    expect(given).toBe(expected)
  })

  it.each([
    [() => textOption('', 'user'), new TypeError('user: expected a text that is not empty, not ""')],
    [() => textOption(7, 'user'), new TypeError('user: expected a text that is not empty, not 7')],
    [() => headerOption('x key', 'name'), new TypeError('name: expected the name of a header, not "x key"')],
    [() => integerOption(0, 1, 128, 'bits'), new RangeError('bits: expected a whole number from 1 to 128, not 0')],
    [() => integerOption(129, 1, 128, 'bits'), new RangeError('bits: expected a whole number from 1 to 128, not 129')],
    [() => integerOption('1', 1, 128, 'bits'), new RangeError('bits: expected a whole number from 1 to 128, not "1"')],
    [() => integerOption(1.5, 1, 128, 'bits'), new RangeError('bits: expected a whole number from 1 to 128, not 1.5')],
    [() => choiceOption('yes', [true, false], 'on'), new RangeError('on: expected true or false, not "yes"')],
    [() => choiceOption(true, ['a', 'b'], 'mode'), new RangeError('mode: expected "a" or "b", not true')],
    [() => choiceOption('x'.repeat(99), ['a'], 'mode'), /not "x{60}"$/],
  ])('is refused by its name: %s', (read, fault) => {
    expect(read).toThrow(fault)
  })
})
