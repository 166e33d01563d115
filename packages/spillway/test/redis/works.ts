/** Whether a call resolves. */
export async function works(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch {
    return false
  }
}

/** Whether a call resolves within so many milliseconds. */
export function answeredWithin(milliseconds: number, call: () => Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, false)
    works(call).then((good) => {
      clearTimeout(timer)
      resolve(good)
    })
  })
}
