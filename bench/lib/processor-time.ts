import { readdirSync, readFileSync } from 'node:fs'

/**
 * Processor time that a process and its children have used, in microseconds: what the Linux scheduler charged to each
 * of their threads. Asked from outside, so that servers of every kind are measured alike.
 */
export function processorTime(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`)
  return tasks.reduce((sum, task) => sum + threadTime(pid, task) + childrenTime(pid, task), 0)
}

function threadTime(pid: number, task: string): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1000
}

function childrenTime(pid: number, task: string): number {
  const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim()
  return children === '' ? 0 : children.split(' ').reduce((sum, child) => sum + processorTime(Number(child)), 0)
}
