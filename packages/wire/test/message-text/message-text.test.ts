import { type AsapMessage, type EnrpMessage, poolHandle } from '../../src/index.ts';
import { describe, expect, test } from 'vitest';
import { messageText } from '../../src/message-text/message-text.ts';

const element = {
  elementId: 0x1001,
  homeRegistrarId: 0x352f7f7b,
  registrationLifeMs: Infinity,
  userTransport: { protocol: 'sctp', port: 34639, use: 'data-control', addresses: ['10.1.1.1', '10.1.2.1'] },
  policy: { name: 'least-used', load: 0x80000000 },
} as const;

describe('a message in one line', () => {
  const asap: readonly (readonly [AsapMessage, string])[] = [
    [
      { type: 'registration', poolHandle: poolHandle('EchoPool'), element },
      'poolHandle=EchoPool element=(elementId=0x00001001 homeRegistrarId=0x352f7f7b registrationLifeMs=Infinity ' +
        'userTransport=sctp/10.1.1.1,10.1.2.1:34639+control policy=(least-used load=50%))',
    ],
    [
      {
        type: 'handle-resolution-response',
        subscribed: false,
        poolHandle: poolHandle('Grün'),
        elements: [],
        causes: [{ code: 9, data: new Uint8Array() }],
      },
      'subscribed=false poolHandle=Grün elements=[] causes=[unknownPoolHandle]',
    ],
    [{ type: 'cookie', cookie: new Uint8Array([1, 2, 255]) }, 'cookie=0102ff'],
    [{ type: 'cookie', cookie: new Uint8Array(100) }, 'cookie=00000000000000000000000000000000…100bytes'],
    [{ type: 'error', causes: [{ code: 0x7777, data: new Uint8Array([7]) }] }, 'causes=[0x7777(07)]'],
    [
      {
        type: 'server-announce',
        registrarId: 1,
        transports: [{ protocol: 'tcp', port: 1, use: 'data', addresses: ['2001:db8::1'] }],
      },
      'registrarId=0x00000001 transports=[tcp/[2001:db8::1]:1]',
    ],
  ];
  const enrp: readonly (readonly [EnrpMessage, string])[] = [
    [
      { type: 'init-takeover', senderId: 1, receiverId: 0, targetId: 0xffffffff },
      'senderId=0x00000001 receiverId=0x00000000 targetId=0xffffffff',
    ],
    [
      { type: 'handle-table-request', senderId: 1, receiverId: 2, ownChildrenOnly: true },
      'senderId=0x00000001 receiverId=0x00000002 ownChildrenOnly=true',
    ],
  ];
  test.each([...asap, ...enrp])('%o', (message, text) => {
    expect(messageText(message)).toBe(text);
  });

  test('service messages and long lists', () => {
    expect(messageText({ type: 'pong', messageNumber: 12n, data: new Uint8Array() })).toBe(
      'messageNumber=12 data=none',
    );
    expect(messageText({ type: 'data', points: new Uint32Array(10) })).toBe(
      'points=[0 0 0 0 0 0 0 0 and 2 more]',
    );
    expect(messageText({ type: 'report', status: '1[1] PEs in 2 Pools', workload: undefined })).toBe(
      'status="1[1] PEs in 2 Pools"',
    );
  });

  test('no text of a peer breaks the line or the terminal', () => {
    expect(messageText({ type: 'ready', info: 'a\nb\u001b[2J' })).toBe('info="a\\nb\\u001b[2J"');
  });
});
