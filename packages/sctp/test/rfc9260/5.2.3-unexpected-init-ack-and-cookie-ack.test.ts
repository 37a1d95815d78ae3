import { describe, expect, test } from 'vitest';
import { allStates, associationIn } from '../support/association-in.ts';

describe('an INIT ACK that was not asked for', () => {
  test.each(allStates.filter((state) => state !== 'cookie-wait'))('is discarded in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    const { remoteTag, remoteAddresses } = end.association;
    peer.sendInitAck({ initiateTag: 0x4711 }, { tag: end.association.localTag });
    expect(bench.after(20)).toEqual(['P > A INIT ACK']);
    expect(end.association.state).toBe(state);
    expect(end.association.remoteTag).toBe(remoteTag);
    expect(end.association.remoteAddresses).toEqual(remoteAddresses);
  });

  test('that comes twice makes one COOKIE ECHO', () => {
    const { bench, peer } = associationIn('cookie-wait');
    peer.sendInitAck();
    peer.sendInitAck();
    expect(bench.after(20)).toEqual(['P > A INIT ACK', 'P > A INIT ACK', 'A > P COOKIE ECHO']);
  });
});

describe('a COOKIE ACK that was not asked for (section 5.2.5)', () => {
  test.each(allStates.filter((state) => state !== 'cookie-echoed'))('is discarded in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    const events = [...end.events];
    peer.send((packet) => packet.startChunk(11, 0, 4), { tag: end.association.localTag });
    expect(bench.after(20)).toEqual(['P > A COOKIE ACK']);
    expect(end.association.state).toBe(state);
    expect(end.events).toEqual(events);
  });

  test('that comes twice is told once', () => {
    const { bench, end, peer } = associationIn('cookie-echoed');
    peer.sendCookieAck();
    peer.sendCookieAck();
    bench.clock.run(20);
    expect(end.events).toEqual(['up']);
  });
});
