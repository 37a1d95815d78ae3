import type { CookieKeys } from 'rserpool';
import { keyFileForm, readKeyFile } from './key-file.ts';
import { wrongOption } from './option-file.ts';
import { decimal, flag, integer, type SettingValues, text } from './setting.ts';

/** How an element protects the state that it leaves with its users, as state cookies (RFC 5352 section 3.8). */
export const cookieSettings = {
  cookieKeys: text(
    '<file>',
    `sign state cookies; the same keys at all elements of the pool, named 0 to 255, of 32 bytes or more: ${keyFileForm}`,
  ),
  cookieSealingKey: integer('<name>', 'which of the keys signs (default: the first); all are accepted', {
    min: 0,
    max: 255,
  }),
  cookieEncrypt: flag('encrypt state cookies too, so that users cannot read them'),
  cookieMaxAge: decimal('<seconds>', 'refuse cookies that are older (default: none)', { min: 0 }),
};

/**
 * What the library wants to know of {@link cookieSettings}; undefined for plain cookies.
 * @throws CommandError usage
 */
export function cookieOptions(values: SettingValues<typeof cookieSettings>): CookieKeys | undefined {
  const { cookieKeys, cookieSealingKey, cookieEncrypt, cookieMaxAge } = values;
  if (cookieKeys === undefined) {
    if (cookieEncrypt || cookieSealingKey !== undefined || cookieMaxAge !== undefined)
      throw wrongOption('--cookie-keys', 'expected a file with keys where another --cookie option is given');
    return undefined;
  }
  const keys = new Map<number, Uint8Array>();
  for (const [name, key] of readKeyFile('--cookie-keys', cookieKeys)) {
    if (!/^(0|[1-9]\d{0,2})$/.test(name) || Number(name) > 255)
      throw wrongOption('--cookie-keys', `${cookieKeys}: expected keys named 0 to 255, got '${name}'`);
    keys.set(Number(name), key);
  }
  const sealingKeyId = cookieSealingKey ?? [...keys.keys()][0] ?? 0;
  if (!keys.has(sealingKeyId))
    throw wrongOption(
      '--cookie-sealing-key',
      `expected one of ${[...keys.keys()].join(', ')} (${cookieKeys}), got ${sealingKeyId}`,
    );
  return {
    keys,
    sealingKeyId,
    encrypt: cookieEncrypt,
    ...(cookieMaxAge === undefined ? {} : { maxAgeMs: cookieMaxAge * 1000 }),
  };
}
