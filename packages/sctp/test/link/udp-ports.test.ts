import { describe, expect, it } from 'vitest';
import { SctpError } from '../../src/sctp-error.ts';
import { checkPeerUdpPorts, conventionsBeside, udpPortsToTry } from '../../src/link/udp-ports.ts';
import type { PeerUdpPorts } from '../../src/link/udp-ports.ts';

const known = new Map([
  ['192.0.2.7', 1_111],
  ['192.0.2.7:3868', 2_222],
  ['2001:db8::7', 3_333],
  ['[2001:db8::7]:3868', 4_444],
]);

describe('UDP ports of peers that have not been heard (RFC 6951 section 5.1)', () => {
  const table: readonly [string, PeerUdpPorts, string, number, readonly number[]][] = [
    ['by default 9899, then the SCTP port', {}, '192.0.2.1', 3868, [9899, 3868]],
    ['each once', {}, '192.0.2.1', 9899, [9899]],
    [
      'conventions in their order',
      { conventions: ['same', 9899, 5_000] },
      '192.0.2.1',
      3868,
      [3868, 9899, 5_000],
    ],
    ['what is known of the address first', { known }, '192.0.2.7', 80, [1_111, 9899, 80]],
    ['what is known of the address and port before that', { known }, '192.0.2.7', 3868, [2_222, 9899, 3868]],
    ['IPv6 alone', { known }, '2001:db8::7', 80, [3_333, 9899, 80]],
    ['IPv6 with port', { known }, '2001:db8::7', 3868, [4_444, 9899, 3868]],
    [
      'one that is known and conventional once',
      { known: new Map([['192.0.2.1', 9899]]) },
      '192.0.2.1',
      80,
      [9899, 80],
    ],
  ];
  for (const [name, peers, address, port, expected] of table) {
    it(name, () => expect(udpPortsToTry(peers, address, port)).toEqual(expected));
  }

  it('follow what somebody does himself', () => {
    expect([conventionsBeside('same'), conventionsBeside(0)]).toEqual([
      ['same', 9899],
      [9899, 'same'],
    ]);
  });

  it('are checked', () => {
    expect(() => checkPeerUdpPorts({ known })).not.toThrow();
    for (const wrong of [0, -1, 1.5, 65_536, Number.NaN]) {
      expect(() => checkPeerUdpPorts({ known: new Map([['192.0.2.1', wrong]]) })).toThrow(SctpError);
      expect(() => checkPeerUdpPorts({ conventions: [wrong] })).toThrow(SctpError);
    }
  });
});
