import { describe } from 'vitest';
import { decodeAsap } from '../../src/index.ts';
import { message, parameter } from '../build.ts';
import {
  cookie,
  decodedElement,
  decodedHandle,
  element,
  elementId,
  handle,
  ipv4,
  items,
  operationError,
  roundRobin,
  sctp,
  udp,
} from '../samples.ts';
import { testMessage } from './message-tables.ts';
import type { MessageTable, Part } from './message-tables.ts';

const poolHandle = decodedHandle;
const once = (name: string, bytes: Uint8Array): Part => ({ name, bytes, count: 'once' });
const optional = (name: string, bytes: Uint8Array): Part => ({ name, bytes, count: 'optional' });
const any = (name: string, bytes: Uint8Array): Part => ({ name, bytes, count: 'any' });
const handlePart = once('Pool Handle', handle);
const idPart = once('PE Identifier', elementId);
const errorPart = optional('Operation Error', operationError);
const causes = [{ code: 10, data: new Uint8Array(0) }];

// RFC 5352 sections 2.2 and 2.2.1 to 2.2.14, in this order.
const tables: readonly MessageTable[] = [
  {
    name: 'Registration',
    type: 0x01,
    parts: [handlePart, once('Pool Element', element)],
    expected: { type: 'registration', poolHandle, element: decodedElement },
    foreign: elementId,
    accepts: [
      [
        'in another order',
        message(0x01, 0, element, handle),
        { type: 'registration', poolHandle, element: decodedElement },
      ],
    ],
  },
  {
    name: 'Deregistration',
    type: 0x02,
    parts: [handlePart, idPart],
    expected: { type: 'deregistration', poolHandle, elementId: 1 },
    foreign: operationError,
  },
  {
    name: 'Registration Response',
    type: 0x03,
    definedFlags: 0x01,
    flags: 0x01,
    parts: [handlePart, idPart, errorPart],
    expected: { type: 'registration-response', rejected: true, poolHandle, elementId: 1, causes },
    foreign: element,
    accepts: [
      [
        'without an error',
        message(0x03, 0, handle, elementId),
        { type: 'registration-response', rejected: false, poolHandle, elementId: 1, causes: [] },
      ],
    ],
  },
  {
    name: 'Deregistration Response',
    type: 0x04,
    parts: [handlePart, idPart, errorPart],
    expected: { type: 'deregistration-response', poolHandle, elementId: 1, causes },
    foreign: element,
    accepts: [
      [
        'without an error',
        message(0x04, 0, handle, elementId),
        { type: 'deregistration-response', poolHandle, elementId: 1, causes: [] },
      ],
    ],
  },
  {
    name: 'Handle Resolution',
    type: 0x05,
    definedFlags: 0x01,
    flags: 0x01,
    parts: [handlePart, optional('Handle Resolution Option', items)],
    expected: { type: 'handle-resolution', subscribe: true, poolHandle, items: 2 },
    foreign: elementId,
    accepts: [
      [
        'without an option',
        message(0x05, 0, handle),
        { type: 'handle-resolution', subscribe: false, poolHandle },
      ],
    ],
  },
  {
    name: 'Handle Resolution Response',
    type: 0x06,
    definedFlags: 0x01,
    flags: 0x01,
    parts: [
      handlePart,
      optional('Policy', roundRobin),
      any('Pool Element', element),
      any('Pool Element', element),
    ],
    expected: {
      type: 'handle-resolution-response',
      subscribed: true,
      poolHandle,
      policy: { name: 'round-robin' },
      elements: [decodedElement, decodedElement],
      causes: [],
    },
    foreign: elementId,
    accepts: [
      [
        'as a rejection',
        message(0x06, 0, handle, operationError),
        { type: 'handle-resolution-response', subscribed: false, poolHandle, elements: [], causes },
      ],
    ],
    rejects: [
      [
        'neither element nor error',
        message(0x06, 0, handle, roundRobin),
        'a Pool Element or an Operation Error',
      ],
      ['two errors', message(0x06, 0, handle, operationError, operationError), 'again'],
    ],
  },
  {
    name: 'Endpoint Keep-Alive',
    type: 0x07,
    definedFlags: 0x01,
    flags: 0x01,
    fields: '0000000a',
    parts: [handlePart, optional('PE Identifier', elementId)],
    expected: { type: 'endpoint-keep-alive', home: true, registrarId: 10, poolHandle, elementId: 1 },
    foreign: element,
    accepts: [
      [
        'without a PE Identifier',
        message(0x07, 0, '0000000a', handle),
        { type: 'endpoint-keep-alive', home: false, registrarId: 10, poolHandle },
      ],
    ],
  },
  {
    name: 'Endpoint Keep-Alive Ack',
    type: 0x08,
    parts: [handlePart, idPart],
    expected: { type: 'endpoint-keep-alive-ack', poolHandle, elementId: 1 },
    foreign: operationError,
  },
  {
    name: 'Endpoint Unreachable',
    type: 0x09,
    parts: [handlePart, idPart],
    expected: { type: 'endpoint-unreachable', poolHandle, elementId: 1 },
    foreign: operationError,
  },
  {
    name: 'Server Announce',
    type: 0x0a,
    fields: '0000000a',
    parts: [any('SCTP Transport', sctp), any('TCP Transport', parameter(0x5, '00500000', ipv4))],
    expected: {
      type: 'server-announce',
      registrarId: 10,
      transports: [
        { protocol: 'sctp', port: 1234, use: 'data', addresses: ['192.0.2.1'] },
        { protocol: 'tcp', port: 80, use: 'data', addresses: ['192.0.2.1'] },
      ],
    },
    foreign: udp,
  },
  {
    name: 'Cookie',
    type: 0x0b,
    parts: [once('Cookie', cookie)],
    expected: { type: 'cookie', cookie: Uint8Array.of(1, 2, 3, 4) },
    foreign: handle,
  },
  {
    name: 'Cookie Echo',
    type: 0x0c,
    parts: [once('Cookie', cookie)],
    expected: { type: 'cookie-echo', cookie: Uint8Array.of(1, 2, 3, 4) },
    foreign: handle,
  },
  {
    name: 'Business Card',
    type: 0x0d,
    parts: [handlePart, any('Pool Element', element), any('Pool Element', element)],
    expected: { type: 'business-card', poolHandle, elements: [decodedElement, decodedElement] },
    foreign: elementId,
    accepts: [
      [
        "with RSPLIB's policy, even one that is no policy",
        message(0x0d, 0, handle, parameter(0x8, ''), element),
        { type: 'business-card', poolHandle, elements: [decodedElement] },
      ],
    ],
    rejects: [['no Pool Element', message(0x0d, 0, handle), 'got none']],
  },
  {
    name: 'Error',
    type: 0x0e,
    parts: [once('Operation Error', operationError)],
    expected: { type: 'error', causes },
    foreign: handle,
    reported: false,
  },
];

describe.each(tables)('ASAP', (table) => {
  testMessage(table, decodeAsap);
});
