// Source: /work/shared/reference/rsplib.md section 7: messages as RSPLIB 3.4 builds them, dissected by tshark 4.0.17.
// The expected objects are written by hand from the tables of sections 2.3 to 2.7.
import { poolHandle } from '../../src/index.ts';
import type { PoolElementParameter, ServerInformation, Transport } from '../../src/index.ts';
import { hex } from '../hex.ts';
import type { Vector } from './vector.ts';

const echoPool = poolHandle('EchoPool');

const userTransport: Transport = {
  protocol: 'sctp',
  port: 1234,
  use: 'data-control',
  addresses: ['10.0.0.1'],
};

const element: PoolElementParameter = {
  elementId: 0x11223344,
  homeRegistrarId: 2,
  registrationLifeMs: 90_000,
  userTransport,
  policy: { name: 'round-robin' },
  asapTransport: { protocol: 'sctp', port: 40_000, use: 'data', addresses: ['10.0.0.1'] },
};

const server: ServerInformation = {
  registrarId: 0xa0b0c0d0,
  transport: { protocol: 'sctp', port: 9901, use: 'data', addresses: ['10.0.0.9'] },
};

/** Section 7 of the reference. */
export const rsplibVectors: readonly Vector[] = [
  {
    name: 'ASAP Registration',
    profile: 'rsplib',
    protocol: 'asap',
    bytes:
      '0100004c 0009000c 4563686f 506f6f6c 000a003c 11223344 00000000 00015f90 00040024 04d20001 00010008 0a000001 00020014 20010db8 00000000 00000000 00000001 00080008 00000001',
    reveals: undefined,
    message: {
      type: 'registration',
      poolHandle: echoPool,
      element: {
        elementId: 0x11223344,
        homeRegistrarId: 0,
        registrationLifeMs: 90_000,
        userTransport: {
          protocol: 'sctp',
          port: 1234,
          use: 'data-control',
          addresses: ['10.0.0.1', '2001:db8::1'],
        },
        policy: { name: 'round-robin' },
      },
    },
  },
  {
    name: 'ASAP Registration Response, granted',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '03000018 0009000c 4563686f 506f6f6c 000e0008 11223344',
    reveals: undefined,
    message: {
      type: 'registration-response',
      rejected: false,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [],
    },
  },
  {
    name: 'ASAP Registration Response, rejected for the policy',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '03010020 0009000c 4563686f 506f6f6c 000e0008 11223344 000c0008 00050004',
    reveals: 'rsplib',
    message: {
      type: 'registration-response',
      rejected: true,
      poolHandle: echoPool,
      elementId: 0x11223344,
      causes: [{ code: 5, data: hex('') }],
    },
  },
  {
    name: 'ASAP Deregistration',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '02000018 0009000c 4563686f 506f6f6c 000e0008 11223344',
    reveals: undefined,
    message: { type: 'deregistration', poolHandle: echoPool, elementId: 0x11223344 },
  },
  {
    name: 'ASAP Handle Resolution, as many items as possible',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '0500001c 00090010 50696e67 506f6e67 506f6f6c 803f0008 ffffffff',
    reveals: undefined,
    message: {
      type: 'handle-resolution',
      subscribe: false,
      poolHandle: poolHandle('PingPongPool'),
      items: Infinity,
    },
  },
  {
    name: 'ASAP Handle Resolution, one item, handle of 5 bytes',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '05000018 00090009 506f6f6c 31000000 803f0008 00000001',
    reveals: undefined,
    message: { type: 'handle-resolution', subscribe: false, poolHandle: poolHandle('Pool1'), items: 1 },
  },
  {
    name: 'ASAP Handle Resolution Response',
    profile: 'rsplib',
    protocol: 'asap',
    bytes:
      '06000050 0009000c 4563686f 506f6f6c 00080010 40000002 10000000 01000000 000a0030 11223344 a0b0c0d0 00015f90 00040010 04d20001 00010008 0a000001 00080010 40000002 10000000 01000000',
    reveals: undefined,
    message: {
      type: 'handle-resolution-response',
      subscribed: false,
      poolHandle: echoPool,
      policy: { name: 'least-used-degradation', load: 0x10000000, degradation: 0x01000000 },
      elements: [
        {
          elementId: 0x11223344,
          homeRegistrarId: 0xa0b0c0d0,
          registrationLifeMs: 90_000,
          userTransport,
          policy: { name: 'least-used-degradation', load: 0x10000000, degradation: 0x01000000 },
        },
      ],
      causes: [],
    },
  },
  {
    name: 'ASAP Handle Resolution Response, unknown pool',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '06000018 0009000a 4e6f506f 6f6c0000 000c0008 00090004',
    reveals: undefined,
    message: {
      type: 'handle-resolution-response',
      subscribed: false,
      poolHandle: poolHandle('NoPool'),
      elements: [],
      causes: [{ code: 9, data: hex('') }],
    },
  },
  {
    name: 'ASAP Endpoint Keep-Alive, H',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '0701001c a0b0c0d0 0009000c 4563686f 506f6f6c 000e0008 11223344',
    reveals: 'rsplib',
    message: {
      type: 'endpoint-keep-alive',
      home: true,
      registrarId: 0xa0b0c0d0,
      poolHandle: echoPool,
      elementId: 0x11223344,
    },
  },
  {
    name: 'ASAP Endpoint Keep-Alive Ack',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '08000018 0009000c 4563686f 506f6f6c 000e0008 11223344',
    reveals: undefined,
    message: { type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId: 0x11223344 },
  },
  {
    name: 'ASAP Endpoint Unreachable',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '09000018 0009000c 4563686f 506f6f6c 000e0008 11223344',
    reveals: undefined,
    message: { type: 'endpoint-unreachable', poolHandle: echoPool, elementId: 0x11223344 },
  },
  {
    name: 'ASAP Server Announce',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '0a000008 a0b0c0d0',
    reveals: undefined,
    message: { type: 'server-announce', registrarId: 0xa0b0c0d0, transports: [] },
  },
  {
    name: 'ASAP Cookie Echo',
    profile: 'rsplib',
    protocol: 'asap',
    bytes: '0c000018 000d0014 3c50502d 5444313e 00000000 00000007',
    reveals: undefined,
    message: { type: 'cookie-echo', cookie: hex('3c50502d 5444313e 00000000 00000007') },
  },
  {
    name: 'ENRP Presence, no element, R',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes:
      '0101002c a0b0c0d0 00000000 000f0006 ffff0000 000b0018 a0b0c0d0 00040010 26ad0000 00010008 0a000009',
    reveals: undefined,
    message: {
      type: 'presence',
      senderId: 0xa0b0c0d0,
      receiverId: 0,
      replyRequired: true,
      checksum: 0xffff,
      server,
    },
  },
  {
    name: 'ENRP Presence, one element',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes:
      '0100002c a0b0c0d0 01020304 000f0006 4deb0000 000b0018 a0b0c0d0 00040010 26ad0000 00010008 0a000009',
    reveals: undefined,
    message: {
      type: 'presence',
      senderId: 0xa0b0c0d0,
      receiverId: 0x01020304,
      replyRequired: false,
      checksum: 0x4deb,
      server,
    },
  },
  {
    name: 'ENRP Handle Table Request, W',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes: '0201000c 00000001 00000002',
    reveals: undefined,
    message: { type: 'handle-table-request', senderId: 1, receiverId: 2, ownChildrenOnly: true },
  },
  {
    name: 'ENRP Handle Table Response, M',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes:
      '03020050 00000002 00000001 0009000c 4563686f 506f6f6c 000a0038 11223344 00000002 00015f90 00040010 04d20001 00010008 0a000001 00080008 00000001 00040010 9c400000 00010008 0a000001',
    reveals: undefined,
    message: {
      type: 'handle-table-response',
      senderId: 2,
      receiverId: 1,
      rejected: false,
      more: true,
      pools: [{ poolHandle: echoPool, elements: [element] }],
    },
  },
  {
    name: 'ENRP Handle Update, add',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes:
      '04000054 00000002 00000001 00000000 0009000c 4563686f 506f6f6c 000a0038 11223344 00000002 00015f90 00040010 04d20001 00010008 0a000001 00080008 00000001 00040010 9c400000 00010008 0a000001',
    reveals: undefined,
    message: {
      type: 'handle-update',
      senderId: 2,
      receiverId: 1,
      action: 'add',
      takeoverSuggested: false,
      poolHandle: echoPool,
      element,
    },
  },
  {
    name: 'ENRP List Request',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes: '0500000c 00000001 00000002',
    reveals: undefined,
    message: { type: 'list-request', senderId: 1, receiverId: 2 },
  },
  {
    name: 'ENRP List Response',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes: '06000024 00000002 00000001 000b0018 00000003 00040010 26ad0000 00010008 0a000003',
    reveals: undefined,
    message: {
      type: 'list-response',
      senderId: 2,
      receiverId: 1,
      rejected: false,
      servers: [
        { registrarId: 3, transport: { protocol: 'sctp', port: 9901, use: 'data', addresses: ['10.0.0.3'] } },
      ],
    },
  },
  {
    name: 'ENRP Init Takeover',
    profile: 'rsplib',
    protocol: 'enrp',
    bytes: '07000010 00000001 00000002 00000003',
    reveals: undefined,
    message: { type: 'init-takeover', senderId: 1, receiverId: 2, targetId: 3 },
  },
];
