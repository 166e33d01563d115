/** A policy to start from: it runs as it is, and shows what else there is. */
export const starter = `# The policy of a Spillway gateway. "spillway check" looks it over, "spillway serve" runs it.

listen: 127.0.0.1:8080                # where clients connect
upstream: http://127.0.0.1:3000       # the service that is protected

# Health and metrics, for you alone. A token is needed where it is not on loopback.
# admin: { listen: "127.0.0.1:9090", token: "\${SPILLWAY_ADMIN_TOKEN}" }

# Who asks: in order, the first that finds someone wins.
identity:
  # - jwt: { secret: "\${JWT_SECRET}", algorithms: [HS256], user: sub, group: plan }
  # - header: { name: x-api-key, groups: { k-123: admin } }
  - ip: {}                            # behind proxies of your own: ip: { trustedProxies: [10.0.0.0/8] }

# What is allowed: the first rule whose path, method and group match applies.
rules:
  - name: login
    path: /login
    method: POST
    quotas: 5/minute
    block: 15m                        # after a denial everything is refused for so long

  - name: api
    path: /api/**
    quotas: [10/second, 300/minute]   # all of them must admit a request

  - name: everything-else
    path: /**
    quotas: { limit: 20, window: 1s, algorithm: token-bucket, burst: 100 }
    # mode: shadow                    # decide and count, but refuse nobody yet
`
