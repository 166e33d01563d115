/** The public subpath `spillway/identity`: who asks. */
export type { AddressReader, ClientAddress, ClientIpOptions } from './client-ip.js'
export { addressReader, clientIp } from './client-ip.js'
export type { HeaderOptions } from './header.js'
export { header } from './header.js'
export type { Identity, IdentitySource, RequestDescription } from './identity.js'
export { IdentityError } from './identity.js'
