import { nodePair, usrsctpPair } from './peer-pair.ts';
import type { Measured, PeerPair } from './peer-pair.ts';
import { median, report, round } from './report.ts';
import { usrsctp } from './usrsctp.ts';

const sizes = [
  { messageBytes: 100, count: 320_000 },
  { messageBytes: 1_000, count: 96_000 },
  { messageBytes: 60_000, count: 1_920 },
];
/** Above it, a datagram for each message is not what any transport here sends. */
const longestDatagramBytes = 1_400;

/** Messages from one process to another on one association: ours as engine and as socket, usrsctp, and the ceilings TCP and UDP. */
export async function measureMessages(isShort: boolean): Promise<void> {
  for (const { messageBytes, count } of sizes) {
    const messages = isShort ? count / 4 : count;
    const pairs = await pairsFor(messageBytes);
    const results = await inTurn(pairs, isShort ? 2 : 7, messages, messageBytes);
    const perSecond = (transport: string): number =>
      median((results.get(transport) ?? []).map(({ receiver }) => messages / (receiver.elapsedMs / 1_000)));
    for (const [transport, measured] of results) {
      const microseconds = (side: 'sender' | 'receiver'): number =>
        round((median(measured.map((each) => each[side].cpuMs)) * 1_000) / messages, 2);
      report('messages', {
        transport,
        messageBytes,
        perSecond: Math.round(perSecond(transport)),
        megabytesPerSecond: round((perSecond(transport) * messageBytes) / 1e6, 1),
        senderMicroseconds: microseconds('sender'),
        receiverMicroseconds: microseconds('receiver'),
        ratioToTcp: round(perSecond(transport) / perSecond('tcp'), 2),
        ...(results.has('usrsctp')
          ? { ratioToUsrsctp: round(perSecond(transport) / perSecond('usrsctp'), 2) }
          : {}),
      });
    }
    for (const pair of pairs.values()) await pair.stop();
  }
}

async function pairsFor(messageBytes: number): Promise<Map<string, PeerPair>> {
  const pairs = new Map<string, PeerPair>();
  for (const kind of ['sctp', 'socket', 'tcp']) pairs.set(kind, await nodePair(kind));
  if (messageBytes <= longestDatagramBytes) pairs.set('udp', await nodePair('udp'));
  if (typeof usrsctp !== 'string') pairs.set('usrsctp', await usrsctpPair(usrsctp.program));
  return pairs;
}

/** The first round warms up and does not count. */
async function inTurn(
  pairs: ReadonlyMap<string, PeerPair>,
  rounds: number,
  count: number,
  messageBytes: number,
): Promise<Map<string, Measured[]>> {
  const results = new Map<string, Measured[]>([...pairs.keys()].map((transport) => [transport, []]));
  for (let index = 0; index <= rounds; index += 1) {
    for (const [transport, pair] of pairs) {
      const measured = await pair.run(count, messageBytes);
      if (index > 0) results.get(transport)?.push(measured);
    }
  }
  return results;
}
