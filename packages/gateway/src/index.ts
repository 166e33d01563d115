export type { GatewayOptions, ListenerAddress, RunningGateway } from './serve/start-gateway.js'
export { startGateway } from './serve/start-gateway.js'
