import { expect, test } from 'vitest';
import { hostAndPortText, parseAddress } from '../src/settings/address.ts';

const standard = { host: '127.0.0.1', port: 2960 };

test.each([
  ['10.0.0.1:80', '10.0.0.1', 80],
  ['10.0.0.1', '10.0.0.1', 2960],
  ['localhost:0', 'localhost', 0],
  [':9090', '127.0.0.1', 9090],
  ['[2001:db8::1]:80', '2001:db8::1', 80],
  ['[::1]', '::1', 2960],
  ['::1', '::1', 2960],
  ['2001:db8::10.0.0.1', '2001:db8::10.0.0.1', 2960],
])('%s', (text, host, port) => {
  expect(parseAddress(text, standard)).toEqual({ host, port });
});

test.each(['', 'host:port', 'host:65536', 'a b:1', '[::1', 'host:', 'a:1:b', 'http://host:80'])(
  '%j is refused',
  (text) => {
    expect(() => parseAddress(text, standard)).toThrow(`expected host:port, got '${text}'`);
  },
);

test('as text', () => {
  expect(hostAndPortText({ host: '::1', port: 1 })).toBe('[::1]:1');
  expect(hostAndPortText({ host: 'h', port: 1 })).toBe('h:1');
});
