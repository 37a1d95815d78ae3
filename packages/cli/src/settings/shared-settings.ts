import { COMPONENT_STATUS_PORT } from '@rserpool/wire';
import { parseAddress } from './address.ts';
import { choice, decimal, integer, parsed, texts, withDefault } from './setting.ts';

/** Settings of everything that talks. */
export const networkSettings = {
  profile: choice(
    '<profile>',
    'how to speak to peers that have not shown how they speak: rfc (default) or rsplib',
    ['rfc', 'rsplib'],
  ),
};

/** Settings of pool elements and pool users. */
export const clientSettings = {
  ...networkSettings,
  registrar: withDefault(texts('<host:port>', 'ASAP address of a registrar (default: 127.0.0.1:3863)'), [
    '127.0.0.1:3863',
  ]),
};

/** Settings of what reports its status to `rserpool status` or RSPLIB's cspmonitor. */
export const statusReportSettings = {
  statusServer: parsed(
    '<host:port>',
    'where to send component status reports (port 2960 where none is given)',
    (text) => parseAddress(text, { host: '127.0.0.1', port: COMPONENT_STATUS_PORT }),
  ),
  statusInterval: withDefault(integer('<ms>', 'how often', { min: 100 }), 1000),
};

/** Settings of what runs until it is told to end. */
export const leaveSettings = {
  leaveLimit: withDefault(
    decimal('<seconds>', 'how long leaving in order may take after SIGINT or SIGTERM', { min: 0 }),
    10,
  ),
};

/** An object without its undefined members, for options that may be left out but not be undefined. */
export function given<T extends object>(
  options: T,
): { readonly [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
