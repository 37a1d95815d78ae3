// One parameter of each kind, to put messages together.
import { poolHandle } from '../src/index.ts';
import type { PoolElementParameter, ServerInformation } from '../src/index.ts';
import { parameter } from './build.ts';

export const ipv4 = parameter(0x1, 'c0000201');
export const ipv6 = parameter(0x2, '20010db8 00000000 00000000 00000001');
export const sctp = parameter(0x4, '04d20000', ipv4);
export const udp = parameter(0x6, '04d20000', ipv4);
export const roundRobin = parameter(0x8, '00000001');
export const handle = parameter(0x9, '4563686f 506f6f6c');
export const element = parameter(0xa, '00000001 00000002 0000001e', sctp, roundRobin);
export const serverInformation = parameter(0xb, '00000003', sctp);
export const operationError = parameter(0xc, '000a0004');
export const cookie = parameter(0xd, '01020304');
export const elementId = parameter(0xe, '00000001');
export const checksum = parameter(0xf, '4deb');
export const items = parameter(0x803f, '00000002');

/** The handle, the element and the registrar of these samples, decoded. */
export const decodedHandle = poolHandle('EchoPool');
export const decodedElement: PoolElementParameter = {
  elementId: 1,
  homeRegistrarId: 2,
  registrationLifeMs: 30_000,
  userTransport: { protocol: 'sctp', port: 1234, use: 'data', addresses: ['192.0.2.1'] },
  policy: { name: 'round-robin' },
};
export const decodedServer: ServerInformation = {
  registrarId: 3,
  transport: { protocol: 'sctp', port: 1234, use: 'data', addresses: ['192.0.2.1'] },
};
