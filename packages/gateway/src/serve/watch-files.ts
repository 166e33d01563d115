import type { FSWatcher } from 'node:fs'
import { existsSync, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Files that are written one after the other count as one change. */
const SETTLE_MS = 100

/**
 * Calls `changed` some time after each change of one of the files, and at times without one. Gives what ends that. It
 * keeps no process alive.
 *
 * A file that is replaced by renaming, or behind a symbolic link that is swapped, shows up in its directory alone. That
 * may be replaced too, so after each change it is looked for again; then the files are read, and no change is missed.
 */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  const directories = [...new Set(paths.map((path) => dirname(path)))]
  let timer: NodeJS.Timeout | undefined
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(look, SETTLE_MS).unref()
  }
  const watchAll = () => directories.map((directory) => watchNearest(directory, later))
  let watchers = watchAll()
  const look = () => {
    const before = watchers
    watchers = watchAll()
    for (const watcher of before) watcher.close()
    changed()
  }

  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

/** Watches the directory; while it is not there, the nearest one above it that is. */
function watchNearest(directory: string, changed: () => void): FSWatcher {
  try {
    return watch(directory, { persistent: false }, changed).on('error', changed)
  } catch (error) {
    const above = dirname(directory)
    if (above === directory) throw error
    const watcher = watchNearest(above, changed)
    // It came before anybody watched.
    if (existsSync(directory)) changed()
    return watcher
  }
}
