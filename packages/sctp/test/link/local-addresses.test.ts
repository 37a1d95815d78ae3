import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { canonicalAddress, localAddressesOf } from '../../src/link/local-addresses.ts';

const textsOf = (wanted: readonly string[]): string[] =>
  localAddressesOf(wanted).map(({ address }) => address);

describe('local addresses', () => {
  it('are canonical, each once, in their order', () => {
    expect(textsOf(['127.0.0.2', '::1', '0:0::1', '::ffff:127.0.0.2', '127.0.0.1'])).toEqual([
      '127.0.0.2',
      '::1',
      '127.0.0.1',
    ]);
  });

  it('wildcards stand for those of the interfaces, loopback last, without link-local ones', () => {
    const found = localAddressesOf(['0.0.0.0', '::']);
    const present = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    const usable = present.filter(
      ({ address }) => !address.startsWith('fe80:') && !address.startsWith('169.254.'),
    );
    expect(found.map(({ address }) => address).sort()).toEqual(usable.map(({ address }) => address).sort());
    expect(found.every(({ optional }) => optional)).toBe(true);
    const isLoopback = textsOf(['0.0.0.0']).map((address) => address.startsWith('127.'));
    expect(isLoopback).toEqual([...isLoopback].sort());
  });

  it('one that is named as well is not optional', () => {
    expect(localAddressesOf(['127.0.0.1', '0.0.0.0'])[0]).toEqual({ address: '127.0.0.1', optional: false });
  });

  it('must be addresses', () => {
    for (const wrong of ['', 'localhost', '127.0.0.256', 'fe80::1%lo']) {
      expect(() => canonicalAddress(wrong)).toThrow(/expected an IP address/);
    }
    expect(() => localAddressesOf([])).toThrow(/empty list/);
  });
});
