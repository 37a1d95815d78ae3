import { createSecureContext } from 'node:tls';
import { preSharedKeyTls } from 'rserpool';
import type { TlsTransportOptions } from 'rserpool';
import { keyFileForm, readKeyFile } from './key-file.ts';
import { readOptionFile, wrongOption } from './option-file.ts';
import { flag, type SettingValues, text } from './setting.ts';

/** TLS in place of plain TCP, for every association that is opened or accepted (RFC 5352 section 9.2, RFC 5353 section 6.2). */
export const tlsSettings = {
  tls: flag('speak TLS; any other --tls option says so too'),
  tlsCertificate: text('<file>', 'PEM certificate of this process, with those between it and its authority'),
  tlsKey: text('<file>', 'PEM key of the certificate'),
  tlsCa: text('<file>', 'PEM certificates of the authorities to trust (default: those of Node)'),
  tlsClientCertificates: flag('take associations only from who has a certificate of --tls-ca'),
  tlsServerName: text('<name>', 'name in the certificates of registrars and elements (default: the address)'),
  tlsPskFile: text('<file>', `pre-shared keys in place of certificates: ${keyFileForm}`),
  tlsPskIdentity: text(
    '<name>',
    'which of these keys is used for what this process opens (default: the first)',
  ),
};

export type TlsValues = SettingValues<typeof tlsSettings>;

/** `listens`: also accepts associations, and so must show who it is. */
export type TlsRole = 'connects' | 'listens';

/**
 * What the library wants to know of {@link tlsSettings}; undefined for plain TCP.
 * @throws CommandError usage: options that do not fit together, files that cannot be read or are not what they should be
 */
export function tlsOptions(values: TlsValues, role: TlsRole): TlsTransportOptions | undefined {
  if (values.tlsPskFile !== undefined) return preSharedKeys(values, values.tlsPskFile);
  if (values.tlsPskIdentity !== undefined)
    throw wrongOption('--tls-psk-identity', 'expected --tls-psk-file too, which has the key');
  const { tls, tlsCertificate, tlsKey, tlsCa, tlsClientCertificates, tlsServerName } = values;
  const files = [tlsCertificate, tlsKey, tlsCa, tlsServerName];
  if (!tls && !tlsClientCertificates && files.every((file) => file === undefined)) return undefined;
  return certificates(values, role);
}

function certificates(values: TlsValues, role: TlsRole): TlsTransportOptions {
  const { tlsCertificate, tlsKey, tlsCa, tlsClientCertificates, tlsServerName } = values;
  if ((tlsCertificate === undefined) !== (tlsKey === undefined))
    throw wrongOption('--tls-certificate, --tls-key', 'expected both or none');
  if (role === 'listens' && tlsCertificate === undefined)
    throw wrongOption(
      '--tls',
      'expected --tls-certificate and --tls-key, or --tls-psk-file: others connect to this process',
    );
  if (tlsClientCertificates && tlsCa === undefined)
    throw wrongOption('--tls-client-certificates', 'expected --tls-ca too, which says whose');
  const ca = checkedPem('--tls-ca', tlsCa);
  const cert = checkedPem('--tls-certificate', tlsCertificate);
  const key = tlsKey === undefined ? undefined : readOptionFile('--tls-key', tlsKey);
  const pem = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  try {
    createSecureContext(pem); // now, and not when the first association is opened
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrongOption(
      '--tls-key',
      `expected the PEM key of ${tlsCertificate}, got '${tlsKey}': ${reason}`,
      cause,
    );
  }
  const client = tlsServerName === undefined ? pem : { ...pem, servername: tlsServerName };
  if (role === 'connects') return { client };
  const check = tlsClientCertificates ? { requestCert: true, rejectUnauthorized: true } : {};
  return { client, server: { ...pem, ...check } };
}

/** PEM certificates; undefined when there is no file. */
function checkedPem(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const pem = readOptionFile(option, path);
  try {
    // As a certificate it is read more strictly than as an authority: there, other files count as no certificates at all.
    createSecureContext({ cert: pem });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrongOption(option, `expected PEM certificates, got '${path}': ${reason}`, cause);
  }
  return pem;
}

function preSharedKeys(values: TlsValues, file: string): TlsTransportOptions {
  const { tlsCertificate, tlsKey, tlsCa, tlsClientCertificates, tlsServerName } = values;
  const isGiven = [tlsCertificate, tlsKey, tlsCa, tlsServerName].some((value) => value !== undefined);
  if (isGiven || tlsClientCertificates)
    throw wrongOption('--tls-psk-file', 'expected no certificates beside pre-shared keys');
  const keys = readKeyFile('--tls-psk-file', file);
  const identity = values.tlsPskIdentity ?? [...keys.keys()][0] ?? '';
  const key = keys.get(identity);
  if (key === undefined)
    throw wrongOption(
      '--tls-psk-identity',
      `expected one of ${[...keys.keys()].join(', ')} (${file}), got '${identity}'`,
    );
  return preSharedKeyTls({ identity, key, keyOf: (name) => keys.get(name) });
}
