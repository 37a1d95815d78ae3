// Calculated by hand from the diagrams of RFC 5352 to 5354 and 5356, for what the vectors of RSPLIB do not show. A comment
// adds up the lengths; 'PH' is the Pool Handle parameter 'EchoPool', 4 + 8 = 12 bytes.
import { poolHandle } from '../../src/index.ts';
import { hex } from '../hex.ts';
import type { Vector } from './vector.ts';

const echoPool = poolHandle('EchoPool');
const none = new Uint8Array(0);

export const rfcAsapVectors: readonly Vector[] = [
  {
    // Handle 'Pool1': 4 + 5 = 9. Message 4 + 9 = 13: neither length covers the padding (RFC 5354 sections 3 and 4). S is bit 7.
    name: 'Handle Resolution, S bit',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '0501000d 00090009 506f6f6c 31000000',
    reveals: 'rfc',
    message: { type: 'handle-resolution', subscribe: true, poolHandle: poolHandle('Pool1') },
  },
  {
    // UDP-Lite 4 + 4 + 8 = 16. Element 4 + 12 + 16 + 8 = 40 = 0x28. Message 4 + PH 12 + 40 = 56 = 0x38. Life -1. Port 8080 = 0x1f90.
    name: 'Handle Resolution Response, A bit, no overall policy, UDP-Lite, infinite life',
    profile: 'rfc',
    protocol: 'asap',
    bytes: `06010038 0009000c 4563686f 506f6f6c 000a0028 00000001 a0b0c0d0 ffffffff
            00070010 1f900000 00010008 c0000201 00080008 00000001`,
    reveals: undefined,
    message: {
      type: 'handle-resolution-response',
      subscribed: true,
      poolHandle: echoPool,
      elements: [
        {
          elementId: 1,
          homeRegistrarId: 0xa0b0c0d0,
          registrationLifeMs: Infinity,
          userTransport: { protocol: 'udp-lite', port: 8080, addresses: ['192.0.2.1'] },
          policy: { name: 'round-robin' },
        },
      ],
      causes: [],
    },
  },
  {
    // DCCP 4 + 4 + 4 + 20 = 32 = 0x20. Policy 4 + 8 = 12. Element 16 + 32 + 12 = 60 = 0x3c. Message 4 + 12 + 60 = 76 = 0x4c.
    // Port 5005 = 0x138d, service code 'RTPD', life 300 s = 0x12c.
    name: 'Registration, DCCP, Weighted Round Robin',
    profile: 'rfc',
    protocol: 'asap',
    bytes: `0100004c 0009000c 4563686f 506f6f6c 000a003c 00000002 00000000 0000012c
            00030020 138d0000 52545044 00020014 20010db8 00000000 00000000 00000001 0008000c 00000002 00000003`,
    reveals: undefined,
    message: {
      type: 'registration',
      poolHandle: echoPool,
      element: {
        elementId: 2,
        homeRegistrarId: 0,
        registrationLifeMs: 300_000,
        userTransport: { protocol: 'dccp', port: 5005, serviceCode: 0x52545044, addresses: ['2001:db8::1'] },
        policy: { name: 'weighted-round-robin', weight: 3 },
      },
    },
  },
  {
    // Opaque 4 + 5 = 9, padded 12. Element 16 + 12 + 8 = 36 = 0x24: padding between parameters counts. Message 4 + 12 + 36 = 52.
    name: 'Registration, opaque transport, no life',
    profile: 'rfc',
    protocol: 'asap',
    bytes: `01000034 0009000c 4563686f 506f6f6c 000a0024 00000003 00000000 00000000
            00100009 61626364 65000000 00080008 00000003`,
    reveals: undefined,
    message: {
      type: 'registration',
      poolHandle: echoPool,
      element: {
        elementId: 3,
        homeRegistrarId: 0,
        registrationLifeMs: 0,
        userTransport: { protocol: 'opaque', data: hex('6162636465') },
        policy: { name: 'random' },
      },
    },
  },
  {
    // Policy 4 + 4 + 3 = 11. Element 16 + UDP 16 + 11 = 43 = 0x2b, without the last padding (RFC 5354 section 2). Message
    // 4 + 12 + 43 = 59 = 0x3b. Life of 2^31 - 1 s. Policy type from the private range (RFC 5356 section 7.1).
    name: "Registration, UDP, an application's own policy with 3 bytes of data",
    profile: 'rfc',
    protocol: 'asap',
    bytes: `0100003b 0009000c 4563686f 506f6f6c 000a002b 00000004 00000000 7fffffff
            00060010 00070000 00010008 c0000201 0008000b 80000001 01020300`,
    reveals: 'rfc',
    message: {
      type: 'registration',
      poolHandle: echoPool,
      element: {
        elementId: 4,
        homeRegistrarId: 0,
        registrationLifeMs: 2_147_483_647_000,
        userTransport: { protocol: 'udp', port: 7, addresses: ['192.0.2.1'] },
        policy: { name: 'other', type: 0x80000001, data: hex('010203') },
      },
    },
  },
  {
    // TCP 4 + 4 + 8 = 16. Each element 16 + 16 + 8 = 40 = 0x28. Message 4 + 12 + 2 * 40 = 96 = 0x60.
    name: 'Business Card',
    profile: 'rfc',
    protocol: 'asap',
    bytes: `0d000060 0009000c 4563686f 506f6f6c
            000a0028 00000001 00000009 0000003c 00050010 00500000 00010008 c0000201 00080008 00000001
            000a0028 00000002 00000009 0000003c 00050010 00500001 00010008 c0000202 00080008 00000001`,
    reveals: undefined,
    message: {
      type: 'business-card',
      poolHandle: echoPool,
      elements: [
        {
          elementId: 1,
          homeRegistrarId: 9,
          registrationLifeMs: 60_000,
          userTransport: { protocol: 'tcp', port: 80, use: 'data', addresses: ['192.0.2.1'] },
          policy: { name: 'round-robin' },
        },
        {
          elementId: 2,
          homeRegistrarId: 9,
          registrationLifeMs: 60_000,
          userTransport: { protocol: 'tcp', port: 80, use: 'data-control', addresses: ['192.0.2.2'] },
          policy: { name: 'round-robin' },
        },
      ],
    },
  },
  {
    // Cause 4 + policy 12 = 16 = 0x10. Error 4 + 16 = 20 = 0x14. Message 4 + 12 + 8 + 20 = 44 = 0x2c. R is bit 7.
    name: "Registration Response, rejected, cause 5 with the pool's policy",
    profile: 'rfc',
    protocol: 'asap',
    bytes: `0301002c 0009000c 4563686f 506f6f6c 000e0008 11223344
            000c0014 00050010 0008000c 40000001 00000000`,
    reveals: 'rfc',
    message: {
      type: 'registration-response',
      rejected: true,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 5, data: hex('0008000c 40000001 00000000') }],
    },
  },
  {
    // Cause 4 + transport 16 = 20 = 0x14. Error 24 = 0x18. Message 4 + 12 + 8 + 24 = 48 = 0x30.
    name: "Registration Response, rejected, cause 7 with the pool's transport",
    profile: 'rfc',
    protocol: 'asap',
    bytes: `03010030 0009000c 4563686f 506f6f6c 000e0008 11223344
            000c0018 00070014 00040010 04d20001 00010008 0a000001`,
    reveals: 'rfc',
    message: {
      type: 'registration-response',
      rejected: true,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 7, data: hex('00040010 04d20001 00010008 0a000001') }],
    },
  },
  {
    name: 'Registration Response, rejected, cause 4',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '03010020 0009000c 4563686f 506f6f6c 000e0008 11223344 000c0008 00040004',
    reveals: 'rfc',
    message: {
      type: 'registration-response',
      rejected: true,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 4, data: none }],
    },
  },
  {
    name: 'Registration Response, granted with a warning',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '03000020 0009000c 4563686f 506f6f6c 000e0008 11223344 000c0008 00000004',
    reveals: undefined,
    message: {
      type: 'registration-response',
      rejected: false,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 0, data: none }],
    },
  },
  {
    name: 'Deregistration Response, with an error',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '04000020 0009000c 4563686f 506f6f6c 000e0008 11223344 000c0008 000a0004',
    reveals: undefined,
    message: {
      type: 'deregistration-response',
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 10, data: none }],
    },
  },
  {
    // Message 4 + 4 + 12 = 20 = 0x14: no PE Identifier.
    name: 'Endpoint Keep-Alive',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '07000014 a0b0c0d0 0009000c 4563686f 506f6f6c',
    reveals: 'rfc',
    message: { type: 'endpoint-keep-alive', home: false, registrarId: 0xa0b0c0d0, poolHandle: echoPool },
  },
  {
    // SCTP 4 + 4 + 8 + 20 = 36 = 0x24, TCP 16. Message 4 + 4 + 36 + 16 = 60 = 0x3c. Port 3863 = 0x0f17.
    name: 'Server Announce with transports',
    profile: 'rfc',
    protocol: 'asap',
    bytes: `0a00003c a0b0c0d0 00040024 0f170000 00010008 c0000201 00020014 20010db8 00000000 00010000 00000001
            00050010 0f170000 00010008 c0000201`,
    reveals: 'rfc',
    message: {
      type: 'server-announce',
      registrarId: 0xa0b0c0d0,
      transports: [
        { protocol: 'sctp', port: 3863, use: 'data', addresses: ['192.0.2.1', '2001:db8::1:0:0:1'] },
        { protocol: 'tcp', port: 3863, use: 'data', addresses: ['192.0.2.1'] },
      ],
    },
  },
  {
    // Cookie 4 + 5 = 9. Message 4 + 9 = 13 = 0x0d.
    name: 'Cookie of 5 bytes',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '0b00000d 000d0009 01020304 05000000',
    reveals: 'rfc',
    message: { type: 'cookie', cookie: hex('0102030405') },
  },
  {
    // Cause 4 + parameter 6 = 10. Error 4 + 10 = 14 = 0x0e, message 4 + 14 = 18 = 0x12: no length covers the last padding.
    name: 'Error, an unrecognized parameter of 6 bytes',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '0e000012 000c000e 0001000a c0ff0006 abcd0000',
    reveals: 'rfc',
    message: { type: 'error', causes: [{ code: 1, data: hex('c0ff0006 abcd') }] },
  },
  {
    // Cause 2: 4 + message 13 = 17 = 0x11, padded 20. Cause 0: 4. Error 4 + 20 + 4 = 28 = 0x1c. Message 32 = 0x20.
    name: 'Error, two causes with padding between',
    profile: 'rfc',
    protocol: 'asap',
    bytes: '0e000020 000c001c 00020011 4f00000d 000d0009 01020304 05000000 00000004',
    reveals: undefined,
    message: {
      type: 'error',
      causes: [
        { code: 2, data: hex('4f00000d 000d0009 01020304 05') },
        { code: 0, data: none },
      ],
    },
  },
];
