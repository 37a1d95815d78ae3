import type { ConnectionOptions, TlsOptions as ServerOptions } from 'node:tls';

/**
 * TLS of a TcpTransport: what node:tls takes, for the side that opens and the side that accepts. Without `server` it cannot
 * listen. Node checks the peer's certificate against the address, or `servername` (RFC 5352 section 9.2,
 * RFC 5353 section 6.2).
 */
export interface TlsTransportOptions {
  readonly client?: ConnectionOptions;
  readonly server?: ServerOptions;
}

export interface PreSharedKeyOptions {
  /** Who this side is when it opens an association. */
  readonly identity: string;
  /** Its key. */
  readonly key: Uint8Array;
  /** The key of an identity that opens one to this side; undefined for those who may not. */
  keyOf(identity: string): Uint8Array | undefined;
}

/** Cipher suites with pre-shared keys; TLS 1.3 has them built in. */
const pskCiphers =
  'ECDHE-PSK-AES128-CBC-SHA256:DHE-PSK-AES128-GCM-SHA256:PSK-AES128-GCM-SHA256:PSK-AES128-CBC-SHA';

/**
 * TLS with pre-shared keys in place of certificates, as RFC 5352 section 9.2 wants it among registrars and between registrars
 * and pool elements: who has the key may take part.
 */
export function preSharedKeyTls(options: PreSharedKeyOptions): TlsTransportOptions {
  const { identity, key } = options;
  return {
    client: {
      ciphers: pskCiphers,
      pskCallback: () => ({ identity, psk: key }),
      checkServerIdentity: () => undefined, // there is no certificate: the server has shown that it knows the key
    },
    server: {
      ciphers: pskCiphers,
      pskCallback: (_socket, peerIdentity) => options.keyOf(peerIdentity) ?? null,
    },
  };
}
