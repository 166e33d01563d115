import { Option } from 'commander'

/** An option that may be repeated: a list of what was given, in order. `absent` tells people what holds where it is not. */
export function repeatable(flags: string, description: string, absent: string): Option {
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]
  return new Option(flags, description).argParser(collect).default([], absent)
}
