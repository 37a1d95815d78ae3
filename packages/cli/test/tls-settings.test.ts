import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { cookieOptions, cookieSettings } from '../src/settings/cookie-settings.ts';
import { addSettings, givenSettings, settingValues } from '../src/settings/read-settings.ts';
import { associationOptions, associationSettings } from '../src/settings/shared-settings.ts';
import { tlsOptions, tlsSettings } from '../src/settings/tls-settings.ts';
import type { TlsRole } from '../src/settings/tls-settings.ts';
import { noOpenssl, TestAuthority } from './test-certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'rserpool-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function valuesOf<const Table extends Parameters<typeof settingValues>[1]>(
  table: Table,
  argv: readonly string[],
) {
  const command = new Command('test').exitOverride();
  addSettings(command, table);
  command.parse(argv, { from: 'user' });
  return settingValues(await givenSettings(command, table, {}), table);
}

const tls = async (role: TlsRole, ...argv: string[]) => tlsOptions(await valuesOf(tlsSettings, argv), role);
const cookies = async (...argv: string[]) => cookieOptions(await valuesOf(cookieSettings, argv));

const keyFile = fileWith('keys.txt', '# two\nanna: 00112233\n\nben:44556677\n');
const authority = noOpenssl === undefined ? new TestAuthority('authority') : undefined;
afterAll(() => authority?.remove());
const ca = authority?.certificate ?? '';
const { certificate, key } = authority?.certify('server', 'IP:127.0.0.1') ?? { certificate: '', key: '' };
const other = authority?.certify('other', 'IP:127.0.0.1') ?? { certificate: '', key: '' };
if (noOpenssl !== undefined) console.log(`tests with certificates are skipped: ${noOpenssl}`);
const withCertificates = test.skipIf(noOpenssl !== undefined);

describe('TLS', () => {
  test('is off when no option of it is given', async () => {
    expect(await tls('listens')).toBeUndefined();
  });

  test('alone trusts what Node trusts, for who only connects', async () => {
    expect(await tls('connects', '--tls')).toEqual({ client: {} });
  });

  withCertificates('with a certificate, for both directions', async () => {
    const argv = ['--tls-certificate', certificate, '--tls-key', key, '--tls-ca', ca];
    const options = await tls('listens', ...argv, '--tls-client-certificates', '--tls-server-name', 'pool');
    expect(options?.client).toMatchObject({ servername: 'pool' });
    expect(options?.server).toMatchObject({ requestCert: true, rejectUnauthorized: true });
    for (const side of [options?.client, options?.server]) {
      expect(side?.cert).toMatch(/BEGIN CERTIFICATE/);
      expect(side?.key).toMatch(/BEGIN .*PRIVATE KEY/);
      expect(side?.ca).toMatch(/BEGIN CERTIFICATE/);
    }
    expect(options?.server).not.toHaveProperty('servername');
  });

  withCertificates('without --tls-client-certificates anybody may connect', async () => {
    const options = await tls('listens', '--tls-certificate', certificate, '--tls-key', key);
    expect(options?.server).not.toHaveProperty('requestCert');
  });

  test('with pre-shared keys: the first for what is opened, all for what is accepted', async () => {
    const options = await tls('listens', '--tls-psk-file', keyFile);
    expect(options?.client?.pskCallback?.('')).toMatchObject({
      identity: 'anna',
      psk: Buffer.from('00112233', 'hex'),
    });
    const chosen = await tls('connects', '--tls-psk-file', keyFile, '--tls-psk-identity', 'ben');
    expect(chosen?.client?.pskCallback?.('')).toMatchObject({ identity: 'ben' });
  });

  const broken = fileWith('broken.pem', 'no PEM at all\n');
  test.each<[string, TlsRole, string[]]>([
    ['--tls-certificate, --tls-key: expected both or none', 'connects', ['--tls-certificate', broken]],
    ['--tls-certificate, --tls-key: expected both or none', 'connects', ['--tls-key', broken]],
    ['--tls: expected --tls-certificate and --tls-key, or --tls-psk-file', 'listens', ['--tls']],
    ['--tls-client-certificates: expected --tls-ca too', 'connects', ['--tls-client-certificates']],
    ["--tls-ca: expected a readable file, got 'none.pem': ENOENT", 'connects', ['--tls-ca', 'none.pem']],
    [`--tls-ca: expected PEM certificates, got '${broken}'`, 'connects', ['--tls-ca', broken]],
    ['--tls-psk-identity: expected --tls-psk-file too', 'connects', ['--tls-psk-identity', 'anna']],
    [
      `--tls-psk-identity: expected one of anna, ben (${keyFile}), got 'carl'`,
      'connects',
      ['--tls-psk-file', keyFile, '--tls-psk-identity', 'carl'],
    ],
    [
      '--tls-psk-file: expected no certificates beside pre-shared keys',
      'connects',
      ['--tls-psk-file', keyFile, '--tls-ca', broken],
    ],
  ])('%s', async (message, role, argv) => {
    await expect(tls(role, ...argv)).rejects.toThrow(message);
  });

  withCertificates('a key that is not the certificate’s', async () => {
    const argv = ['--tls-certificate', certificate, '--tls-key', other.key];
    await expect(tls('listens', ...argv)).rejects.toThrow(
      `--tls-key: expected the PEM key of ${certificate}, got '${other.key}': `,
    );
  });
});

describe('key files', () => {
  test.each([
    ['', 'expected one key a line, name:hex; lines that begin with # are skipped; got none'],
    ['anna', 'line 1: expected name:hex, as in 1:00ff'],
    ['# one\nanna:123', 'line 2: expected name:hex, as in 1:00ff'],
    ['anna:zz', 'line 1: expected name:hex, as in 1:00ff'],
    ['anna:00\nanna:11', "line 2: a second key named 'anna'"],
  ])('%j', async (content, message) => {
    const path = fileWith('wrong.txt', content);
    const error = await tls('connects', '--tls-psk-file', path).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(`--tls-psk-file: ${path}`);
    expect(String(error)).toContain(message);
  });
});

describe('cookie keys', () => {
  const pool = fileWith('pool.txt', `7:${'ab'.repeat(32)}\n8:${'cd'.repeat(32)}\n`);

  test('none: cookies are plain', async () => {
    expect(await cookies()).toBeUndefined();
  });

  test('the first signs, all are accepted', async () => {
    expect(await cookies('--cookie-keys', pool)).toEqual({
      keys: new Map([
        [7, Buffer.alloc(32, 0xab)],
        [8, Buffer.alloc(32, 0xcd)],
      ]),
      sealingKeyId: 7,
      encrypt: false,
    });
  });

  test('another signs, encrypted, for a time', async () => {
    const argv = [
      '--cookie-keys',
      pool,
      '--cookie-sealing-key',
      '8',
      '--cookie-encrypt',
      '--cookie-max-age',
      '60',
    ];
    expect(await cookies(...argv)).toMatchObject({ sealingKeyId: 8, encrypt: true, maxAgeMs: 60_000 });
  });

  test.each([
    [['--cookie-encrypt'], '--cookie-keys: expected a file with keys where another --cookie option is given'],
    [['--cookie-keys', keyFile], `--cookie-keys: ${keyFile}: expected keys named 0 to 255, got 'anna'`],
    [
      ['--cookie-keys', pool, '--cookie-sealing-key', '9'],
      `--cookie-sealing-key: expected one of 7, 8 (${pool}), got 9`,
    ],
  ])('%j', async (argv, message) => {
    await expect(cookies(...argv)).rejects.toThrow(message);
  });
});

test('timing of the transport goes to the library as it is', async () => {
  const argv = ['--timing', 'heartbeatTimeoutMs=3000', '--timing', 'connectTimeoutMs=500'];
  expect(associationOptions(await valuesOf(associationSettings, argv), 'connects')).toEqual({
    timing: { heartbeatTimeoutMs: 3000, connectTimeoutMs: 500 },
  });
});
