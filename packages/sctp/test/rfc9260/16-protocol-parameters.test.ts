import { expect, test } from 'vitest';
import { defaultProtocolParameters } from '../../src/endpoint/protocol-parameters.ts';

test('defaults are the suggested values of RFC 9260 section 16', () => {
  expect(defaultProtocolParameters).toMatchObject({
    rtoInitialMs: 1_000,
    rtoMinMs: 1_000,
    rtoMaxMs: 60_000,
    maxBurstPackets: 4,
    rtoAlpha: 1 / 8,
    rtoBeta: 1 / 4,
    cookieLifeMs: 60_000,
    associationMaxRetransmissions: 10,
    pathMaxRetransmissions: 5,
    maxInitRetransmissions: 8,
    heartbeatIntervalMs: 30_000,
    sackDelayMs: 200,
  });
});
