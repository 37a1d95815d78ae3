import { expect, test } from 'vitest';
import { parseAddress } from '../src/address.ts';
import type { Address } from '../src/address.ts';

test.each<[string, Partial<Address>]>([
  ['example.org', { hosts: ['example.org'] }],
  ['10.1.1.1:3863', { hosts: ['10.1.1.1'], port: 3863 }],
  ['2001:db8::1', { hosts: ['2001:db8::1'] }],
  ['[2001:db8::1]:0', { hosts: ['2001:db8::1'], port: 0 }],
  ['tcp://10.1.1.1', { scheme: 'tcp', hosts: ['10.1.1.1'] }],
  ['tls://example.org:3864', { scheme: 'tls', hosts: ['example.org'], port: 3864 }],
  ['sctp://2001:db8::1', { scheme: 'sctp', hosts: ['2001:db8::1'] }],
  ['10.1.1.1,10.2.1.1:3863', { hosts: ['10.1.1.1', '10.2.1.1'], port: 3863 }],
  [
    'sctp://10.1.1.1,[2001:db8::1]:3863?udp=9899',
    { scheme: 'sctp', hosts: ['10.1.1.1', '2001:db8::1'], port: 3863, udpPort: 9899 },
  ],
  ['sctp://a?udp=same', { scheme: 'sctp', hosts: ['a'], udpPort: 'same' }],
])('%s', (text, expected) => {
  const unsaid = { scheme: undefined, port: undefined, udpPort: undefined };
  expect(parseAddress(text, 'test')).toEqual({ ...unsaid, ...expected });
});
