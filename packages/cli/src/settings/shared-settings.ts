import { defaultTransportTiming } from '@rserpool/transport';
import { componentStatusPort } from '@rserpool/wire';
import { transportNames } from 'rserpool';
import type { AnnounceOptions, ClientOptions, NetworkOptions } from 'rserpool';
import { parseAddress } from './address.ts';
import {
  choice,
  decimal,
  flag,
  integer,
  namesOf,
  numbers,
  parsed,
  type SettingValues,
  text,
  texts,
  withDefault,
} from './setting.ts';
import { tlsOptions, type TlsRole, tlsSettings } from './tls-settings.ts';

/** Settings of associations: all that a command which only opens some needs. */
export const associationSettings = {
  transport: choice(
    '<transport>',
    'for addresses without sctp://, tcp:// or tls:// (default: auto, which is tls with TLS options, else sctp-udp)',
    transportNames,
  ),
  ...tlsSettings,
  timing: numbers('<name=ms>', 'how long the transport waits', namesOf(defaultTransportTiming)),
};

/** For `--help`: how addresses are written. */
export const addressNotes = [
  'Addresses: host:port, or sctp://host:port, tcp://host:port, tls://host:port where another transport than that of --transport is',
  'meant; with commas between those of one SCTP endpoint: sctp://10.1.1.1,10.2.1.1:3863. SCTP in UDP is at the UDP port with the number',
  'of its SCTP port, or where ?udp=9899 at the end says.',
];

/** Settings of everything that talks. */
export const networkSettings = {
  profile: choice(
    '<profile>',
    'how to speak to peers that have not shown how they speak: rfc (default) or rsplib',
    ['rfc', 'rsplib'],
  ),
  announce: flag(
    'find registrars by multicast, and let clients and peers find this one if it is a registrar',
  ),
  asapGroup: text(
    '<address:port>',
    'multicast group for clients (default: 224.0.1.185:3863; RSPLIB: 239.0.0.50:3863)',
  ),
  announceInterface: texts('<name>', 'network interface, or its address, for multicast (default: all)'),
  ...associationSettings,
};

/** Settings of pool elements and pool users. */
export const clientSettings = {
  ...networkSettings,
  registrar: texts(
    '<address>',
    'ASAP address of a registrar: host:port, or tcp://host:port (default: 127.0.0.1:3863; with TLS port 3864)',
  ),
};

/**
 * What the library wants to know of {@link associationSettings}.
 * @throws CommandError usage, as {@link tlsOptions}
 */
export function associationOptions(
  values: SettingValues<typeof associationSettings>,
  role: TlsRole,
): Pick<NetworkOptions, 'transport' | 'tls' | 'timing'> {
  return given({ transport: values.transport, tls: tlsOptions(values, role), timing: values.timing });
}

/**
 * What the library wants to know of {@link networkSettings}.
 * @throws CommandError usage, as {@link tlsOptions}
 */
export function networkOptions(
  values: SettingValues<typeof networkSettings> & { readonly enrpGroup?: string | undefined },
  role: TlsRole,
): Pick<NetworkOptions, 'profile' | 'transport' | 'tls' | 'timing'> & {
  readonly announce?: AnnounceOptions;
} {
  const { profile, announce, asapGroup, enrpGroup, announceInterface } = values;
  const interfaces = announceInterface.length > 0 ? announceInterface : undefined;
  return {
    ...given({ profile, announce: announce ? given({ asapGroup, enrpGroup, interfaces }) : undefined }),
    ...associationOptions(values, role),
  };
}

/**
 * What the library wants to know of {@link clientSettings}.
 * @throws CommandError usage, as {@link tlsOptions}
 */
export function clientOptions(
  values: SettingValues<typeof clientSettings>,
  role: TlsRole,
): Pick<ClientOptions, 'profile' | 'announce' | 'registrars' | 'transport' | 'tls' | 'timing'> {
  // Where registrars announce themselves, none need be configured.
  const registrars = values.registrar.length > 0 || values.announce ? values.registrar : undefined;
  return { ...networkOptions(values, role), ...given({ registrars }) };
}

/** Settings of what reports its status to `rserpool status` or RSPLIB's cspmonitor. */
export const statusReportSettings = {
  statusServer: parsed(
    '<host:port>',
    'where to send component status reports (port 2960 where none is given)',
    (text) => parseAddress(text, { host: '127.0.0.1', port: componentStatusPort }),
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
