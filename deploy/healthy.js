// For a container's health check: ends with 0 where the admin listener says that the gateway is alive.
const url = process.env.SPILLWAY_HEALTH_URL ?? 'http://127.0.0.1:9090/healthz'

fetch(url, { signal: AbortSignal.timeout(2000) }).then(
  ({ ok, status }) => ok || unhealthy(`answers ${status}`),
  (error) => unhealthy(`does not answer: ${error.cause?.message ?? error.message}`),
)

function unhealthy(why) {
  process.stderr.write(`${url} ${why}\n`)
  process.exitCode = 1
}
