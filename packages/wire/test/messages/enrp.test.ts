import { describe } from 'vitest';
import { decodeEnrp } from '../../src/index.ts';
import { message } from '../build.ts';
import {
  checksum,
  decodedElement,
  decodedHandle,
  decodedServer,
  element,
  elementId,
  handle,
  operationError,
  serverInformation,
} from '../samples.ts';
import { testMessage } from './message-tables.ts';
import type { MessageTable } from './message-tables.ts';

const ids = '00000001 00000002';
const decodedIds = { senderId: 1, receiverId: 2 };
const pool = { poolHandle: decodedHandle, elements: [decodedElement] };

// RFC 5353 sections 2 and 2.1 to 2.10, in this order.
const tables: readonly MessageTable[] = [
  {
    name: 'Presence',
    type: 0x01,
    definedFlags: 0x01,
    flags: 0x01,
    fields: ids,
    parts: [
      { name: 'PE Checksum', bytes: checksum, count: 'optional' },
      { name: 'Server Information', bytes: serverInformation, count: 'optional' },
    ],
    expected: {
      type: 'presence',
      ...decodedIds,
      replyRequired: true,
      checksum: 0x4deb,
      server: decodedServer,
    },
    foreign: elementId,
    accepts: [
      [
        'without parameters',
        message(0x01, 0, ids),
        { type: 'presence', ...decodedIds, replyRequired: false },
      ],
    ],
  },
  {
    name: 'Handle Table Request',
    type: 0x02,
    definedFlags: 0x01,
    flags: 0x01,
    fields: ids,
    parts: [],
    expected: { type: 'handle-table-request', ...decodedIds, ownChildrenOnly: true },
    foreign: handle,
  },
  {
    name: 'Handle Table Response',
    type: 0x03,
    definedFlags: 0x03,
    flags: 0x02,
    fields: ids,
    parts: [
      { name: 'Pool Handle', bytes: handle, count: 'any' },
      { name: 'Pool Element', bytes: element, count: 'any' },
      { name: 'Pool Handle again', bytes: handle, count: 'any' },
      { name: 'Pool Element', bytes: element, count: 'any' },
    ],
    expected: {
      type: 'handle-table-response',
      ...decodedIds,
      rejected: false,
      more: true,
      pools: [pool, pool],
    },
    foreign: elementId,
    accepts: [
      [
        'as a rejection',
        message(0x03, 0x01, ids),
        { type: 'handle-table-response', ...decodedIds, rejected: true, more: false, pools: [] },
      ],
      [
        'with a pool without elements',
        message(0x03, 0, ids, handle),
        {
          type: 'handle-table-response',
          ...decodedIds,
          rejected: false,
          more: false,
          pools: [{ poolHandle: decodedHandle, elements: [] }],
        },
      ],
    ],
    rejects: [
      ['an element without a handle', message(0x03, 0, ids, element, handle), 'a Pool Handle before it'],
    ],
  },
  {
    name: 'Handle Update',
    type: 0x04,
    definedFlags: 0x01,
    flags: 0x01,
    fields: `${ids} 0001abcd`,
    parts: [
      { name: 'Pool Handle', bytes: handle, count: 'once' },
      { name: 'Pool Element', bytes: element, count: 'once' },
    ],
    expected: {
      type: 'handle-update',
      ...decodedIds,
      action: 'delete',
      takeoverSuggested: true,
      poolHandle: decodedHandle,
      element: decodedElement,
    },
    foreign: elementId,
    accepts: [
      [
        'add',
        message(0x04, 0, ids, '00000000', handle, element),
        {
          type: 'handle-update',
          ...decodedIds,
          action: 'add',
          takeoverSuggested: false,
          poolHandle: decodedHandle,
          element: decodedElement,
        },
      ],
    ],
    rejects: [
      ['reserved action', message(0x04, 0, ids, '00020000', handle, element), 'update action 0 or 1, got 2'],
    ],
  },
  {
    name: 'List Request',
    type: 0x05,
    fields: ids,
    parts: [],
    expected: { type: 'list-request', ...decodedIds },
    foreign: serverInformation,
  },
  {
    name: 'List Response',
    type: 0x06,
    definedFlags: 0x01,
    fields: ids,
    parts: [
      { name: 'Server Information', bytes: serverInformation, count: 'any' },
      { name: 'Server Information', bytes: serverInformation, count: 'any' },
    ],
    expected: {
      type: 'list-response',
      ...decodedIds,
      rejected: false,
      servers: [decodedServer, decodedServer],
    },
    foreign: handle,
    accepts: [
      [
        'as a rejection',
        message(0x06, 0x01, ids),
        { type: 'list-response', ...decodedIds, rejected: true, servers: [] },
      ],
    ],
  },
  ...(['init-takeover', 'init-takeover-ack', 'takeover-server'] as const).map((type, index) => ({
    name: type,
    type: 0x07 + index,
    fields: `${ids} 00000003`,
    parts: [],
    expected: { type, ...decodedIds, targetId: 3 },
    foreign: handle,
  })),
  {
    name: 'Error',
    type: 0x0a,
    fields: ids,
    parts: [{ name: 'Operation Error', bytes: operationError, count: 'once' }],
    expected: { type: 'error', ...decodedIds, causes: [{ code: 10, data: new Uint8Array(0) }] },
    foreign: handle,
    reported: false,
  },
];

describe.each(tables)('ENRP', (table) => {
  testMessage(table, decodeEnrp);
});
