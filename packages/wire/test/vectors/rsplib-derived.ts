// Calculated by hand from sections 2 and 8 of /work/shared/reference/rsplib.md, for what its section 7 does not show.
import { poolHandle } from '../../src/index.ts';
import { hex } from '../hex.ts';
import type { Vector } from './vector.ts';

const echoPool = poolHandle('EchoPool');
const none = new Uint8Array(0);

/** The rows of `deviations.ts` that section 7 of the RSPLIB reference does not show. */
export const rsplibDerivedVectors: readonly Vector[] = [
  {
    // Cookie 4 + 5 = 9, padded 12. Message 4 + 12 = 16 = 0x10: the length covers the padding.
    name: 'Cookie of 5 bytes',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '0b000010 000d0009 01020304 05000000',
    reveals: 'rsplib',
    message: { type: 'cookie', cookie: hex('0102030405') },
  },
  {
    name: 'Registration Response, rejected, 0xf002 for cause 4',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '03010020 0009000c 4563686f 506f6f6c 000e0008 11223344 000c0008 f0020004',
    reveals: 'rsplib',
    message: {
      type: 'registration-response',
      rejected: true,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 4, data: none }],
    },
  },
  {
    name: 'Registration Response, rejected, 0x100a for cause 7, without a transport',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '03010020 0009000c 4563686f 506f6f6c 000e0008 11223344 000c0008 100a0004',
    reveals: 'rsplib',
    message: {
      type: 'registration-response',
      rejected: true,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 7, data: none }],
    },
  },
  {
    name: 'Registration Response, rejected, private code 0xf007',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '03010020 0009000c 4563686f 506f6f6c 000e0008 11223344 000c0008 f0070004',
    reveals: 'rsplib',
    message: {
      type: 'registration-response',
      rejected: true,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 0xf007, data: none }],
    },
  },
  {
    // SCTP 16, policy 4 + 4 + 16 = 24 = 0x18. Element 16 + 16 + 24 = 56 = 0x38. Message 4 + 12 + 56 = 72 = 0x48. Life in ms.
    name: 'Registration, Least Used Degradation DPF, life of 1234 ms',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: `01000048 0009000c 4563686f 506f6f6c 000a0038 00000001 00000000 000004d2
            00040010 04d20000 00010008 0a000001 00080018 b0002003 00000001 00000002 00000003 00000004`,
    reveals: undefined,
    message: {
      type: 'registration',
      poolHandle: echoPool,
      element: {
        elementId: 1,
        homeRegistrarId: 0,
        registrationLifeMs: 1234,
        userTransport: { protocol: 'sctp', port: 1234, use: 'data', addresses: ['10.0.0.1'] },
        policy: {
          name: 'least-used-degradation-dpf',
          load: 1,
          degradation: 2,
          loadDpf: 3,
          distanceMs: 4,
        },
      },
    },
  },
];
