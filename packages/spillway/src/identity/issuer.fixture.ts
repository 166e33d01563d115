import type { CryptoKey, JWK, JWTPayload } from 'jose'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'

/** One key pair of an issuer of tokens, for tests. */
export interface Issuer {
  readonly publicPem: string
  readonly publicJwk: JWK
  /** A token with these claims, signed; the header says what `header` adds to `alg` and `kid`. */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>
}

/** Makes a key pair for the algorithm. */
export async function issuer(alg: string, kid: string = alg): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return {
    publicPem: await exportSPKI(publicKey),
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header = {}) => signed(claims, { alg, kid, ...header }, privateKey),
  }
}

/** A token under any header, signed with any key. */
export function signed(
  claims: JWTPayload,
  header: Readonly<Record<string, unknown>> & { readonly alg: string },
  key: CryptoKey | Uint8Array,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key)
}

/** Not signed: header, claims and signature as they are given. */
export function forged(header: unknown, claims: unknown, signature = ''): string {
  return `${base64url(header)}.${base64url(claims)}.${signature}`
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
