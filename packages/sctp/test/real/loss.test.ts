import { expect, it, onTestFinished } from 'vitest';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';
import { LossyRelay } from '../support/lossy-relay.ts';
import type { Impairments } from '../support/lossy-relay.ts';

const addresses = ['127.0.0.1'];
/** A loss without an acknowledgement after it costs at least this: tests would take long with a second. */
const parameters = { rtoInitialMs: 200, rtoMinMs: 50, rtoMaxMs: 1_000 };

async function through(
  impairments: Impairments,
  seed: number,
): Promise<{ near: SocketAssociation; far: SocketAssociation; relay: LossyRelay }> {
  const server = await SctpSocket.bind({ addresses, udpPort: 'same', parameters });
  const relay = await LossyRelay.open({ address: '127.0.0.1', udpPort: server.udpPort }, impairments, seed);
  const peer = { host: '127.0.0.1', port: server.port, udpPort: relay.udpPort };
  const near = await SctpSocket.connect(peer, { addresses, parameters });
  onTestFinished(async () => {
    near.abort();
    server.abort();
    await relay.close();
  });
  for await (const far of server) return { near, far, relay };
  throw new Error('not accepted');
}

/** Its number, and a pattern that depends on it. */
function numbered(number: number, sizeBytes: number): Uint8Array {
  const data = new Uint8Array(sizeBytes).fill(number);
  new DataView(data.buffer).setUint32(0, number);
  return data;
}

const cases: readonly [string, number, number, Impairments][] = [
  ['24 MB of 1,000 bytes through 2 % loss', 24_000, 1_000, { lossRate: 0.02 }],
  ['24 MB of 60,000 bytes through 2 % loss', 400, 60_000, { lossRate: 0.02 }],
  [
    '4 MB of 10,000 bytes through loss, duplication and reordering',
    400,
    10_000,
    { lossRate: 0.03, duplicationRate: 0.03, reorderingRate: 0.05, delayMs: 2 },
  ],
];

for (const [name, count, sizeBytes, impairments] of cases) {
  it(`${name} arrives whole, in order, once`, async () => {
    const { near, far, relay } = await through(impairments, 42);
    const sending = (async (): Promise<void> => {
      for (let number = 0; number < count; number += 1) await near.send(numbered(number, sizeBytes));
      await near.close();
    })();
    let number = 0;
    for await (const { data } of far) {
      if (Buffer.compare(data, numbered(number, sizeBytes)) !== 0)
        expect(data).toEqual(numbered(number, sizeBytes));
      number += 1;
    }
    await sending;
    expect([number, near.end?.reason, far.end?.reason]).toEqual([count, 'closed', 'closed']);
    expect(relay.counts.lost).toBeGreaterThan((relay.counts.forwarded * (impairments.lossRate ?? 0)) / 2);
    expect(near.status().counters.dataChunksRetransmitted).toBeGreaterThan(0);
  }, 240_000);
}
