/** Waits until `holds` gives true; throws, with `what` was waited for, once `limit` milliseconds have passed. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = 10_000): Promise<void> {
  const giveUpAt = performance.now() + limit
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`within ${limit} ms it was not so that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
