# The gateway. `docker build -t spillway .`, then
# `docker run -p 8080:8080 -v "$PWD/spillway.yaml:/etc/spillway/spillway.yaml:ro" spillway`

FROM node:20-alpine AS build
WORKDIR /build
COPY . .
RUN npm ci --ignore-scripts --workspace spillway --workspace spillway-gateway --include-workspace-root
RUN npm run build
# What is published, and nothing else: the packed packages with what they need to run.
RUN npm pack --workspace spillway --workspace spillway-gateway --pack-destination /tmp --silent
RUN npm install --prefix /app --omit=dev --ignore-scripts --no-audit --no-fund /tmp/spillway-*.tgz

FROM node:20-alpine
# npm is for building: an image without it is smaller, and has less to attack.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn-*
COPY --from=build /app/node_modules /app/node_modules
COPY deploy/healthy.js /app/healthy.js
COPY deploy/compose/spillway.yaml /etc/spillway/spillway.yaml
ENV NODE_ENV=production
USER node
EXPOSE 8080 9090
# Needs `admin` in the policy; elsewhere than on port 9090, set SPILLWAY_HEALTH_URL.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "/app/healthy.js"]
# SIGTERM lets requests in flight finish; give it more time than they take: `docker stop --time 40`.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/node_modules/spillway-gateway/bin/spillway.js"]
CMD ["serve", "/etc/spillway/spillway.yaml"]
