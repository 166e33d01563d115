import type { Micros } from 'spillway'
import { normalisePath } from 'spillway'
import type { LogLine } from '../logs/log-line.js'
import { pathTree } from './path-tree.js'
import type { Learnt } from './routes.js'
import { assetExtension } from './segment.js'
import type { WindowCount } from './windows.js'
import { windowCount } from './windows.js'

/** Learns the paths and the times of a part of a log. */
export interface Learner extends Learnt {
  readonly windows: WindowCount
  take(line: LogLine, at: Micros): void
}

/** A learner that has seen nothing. */
export function learner(): Learner {
  const tree = pathTree()
  const assets = new Map<string, number>()
  const windows = windowCount()
  return {
    tree,
    assets,
    windows,
    take({ target, method, status }, at) {
      windows.add(at)
      const path = normalisePath(target.text, { strict: false })
      if (path.kind === 'malformed' || path.matched === '*') return
      const isRead = method.text === 'GET' || method.text === 'HEAD'
      const extension = isRead ? assetExtension(path.matched) : undefined
      if (extension === undefined) tree.add(path.matched, method.text, status)
      else assets.set(extension, (assets.get(extension) ?? 0) + 1)
    },
  }
}
