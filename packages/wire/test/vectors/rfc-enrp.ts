// Calculated by hand from the diagrams of RFC 5352 to 5354 and 5356, for what the vectors of RSPLIB do not show. A comment
// adds up the lengths; 'PH' is the Pool Handle parameter 'EchoPool', 4 + 8 = 12 bytes.
import { poolHandle } from '../../src/index.ts';
import type { Vector } from './vector.ts';

const echoPool = poolHandle('EchoPool');
const none = new Uint8Array(0);

export const rfcEnrpVectors: readonly Vector[] = [
  {
    name: 'Presence without parameters',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '0100000c 00000001 00000000',
    reveals: undefined,
    message: { type: 'presence', senderId: 1, receiverId: 0, replyRequired: false },
  },
  {
    // Checksum 4 + 2 = 6. Message 4 + 8 + 6 = 18 = 0x12.
    name: 'Presence with only a checksum',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '01000012 00000001 00000000 000f0006 4deb0000',
    reveals: 'rfc',
    message: { type: 'presence', senderId: 1, receiverId: 0, replyRequired: false, checksum: 0x4deb },
  },
  {
    // Server 4 + 4 + TCP 16 = 24 = 0x18. Message 4 + 8 + 24 = 36 = 0x24. Ours: a registrar reached by framed TCP.
    name: 'Presence of a registrar on TCP',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '01000024 00000001 00000000 000b0018 00000001 00050010 26ad0001 00010008 c0000201',
    reveals: undefined,
    message: {
      type: 'presence',
      senderId: 1,
      receiverId: 0,
      replyRequired: false,
      server: {
        registrarId: 1,
        transport: { protocol: 'tcp', port: 9901, use: 'data-control', addresses: ['192.0.2.1'] },
      },
    },
  },
  {
    name: 'Handle Table Response, rejected',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '0301000c 00000002 00000001',
    reveals: undefined,
    message: {
      type: 'handle-table-response',
      senderId: 2,
      receiverId: 1,
      rejected: true,
      more: false,
      pools: [],
    },
  },
  {
    // Element 16 + TCP 16 + Priority 12 + TCP 16 = 60 = 0x3c. Message 4 + 8 + 4 + 12 + 60 = 88 = 0x58. DEL_PE is 1, T bit 7.
    name: 'Handle Update, delete, takeover suggested',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: `04010058 00000002 00000000 00010000 0009000c 4563686f 506f6f6c
            000a003c 00000005 00000002 0000001e 00050010 00500000 00010008 c0000201 0008000c 00000005 0000002a
            00050010 0f170001 00010008 c0000201`,
    reveals: undefined,
    message: {
      type: 'handle-update',
      senderId: 2,
      receiverId: 0,
      action: 'delete',
      takeoverSuggested: true,
      poolHandle: echoPool,
      element: {
        elementId: 5,
        homeRegistrarId: 2,
        registrationLifeMs: 30_000,
        userTransport: { protocol: 'tcp', port: 80, use: 'data', addresses: ['192.0.2.1'] },
        policy: { name: 'priority', priority: 42 },
        asapTransport: { protocol: 'tcp', port: 3863, use: 'data-control', addresses: ['192.0.2.1'] },
      },
    },
  },
  {
    name: 'List Response, rejected',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '0601000c 00000002 00000001',
    reveals: undefined,
    message: { type: 'list-response', senderId: 2, receiverId: 1, rejected: true, servers: [] },
  },
  {
    name: 'Init Takeover Ack',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '08000010 00000001 00000002 00000003',
    reveals: undefined,
    message: { type: 'init-takeover-ack', senderId: 1, receiverId: 2, targetId: 3 },
  },
  {
    name: 'Takeover Server',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '09000010 00000001 00000000 00000003',
    reveals: undefined,
    message: { type: 'takeover-server', senderId: 1, receiverId: 0, targetId: 3 },
  },
  {
    // Error 4 + 4 = 8. Message 4 + 8 + 8 = 20 = 0x14.
    name: 'ENRP Error',
    profile: 'rfc',
    protocol: 'enrp',
    bytes: '0a000014 00000001 00000002 000c0008 00060004',
    reveals: undefined,
    message: { type: 'error', senderId: 1, receiverId: 2, causes: [{ code: 6, data: none }] },
  },
];
