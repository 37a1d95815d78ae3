import { nodePair, usrsctpPair } from './peer-pair.ts';
import type { Measured, PeerPair } from './peer-pair.ts';
import { median, report, round } from './report.ts';
import { usrsctp } from './usrsctp.ts';

const sizes = [
  { messageBytes: 100, count: 320_000 },
  { messageBytes: 1_000, count: 96_000 },
  { messageBytes: 60_000, count: 1_920 },
];
/** Those with which usrsctp is fastest here; with its own 128 KiB it falls to half now and then. */
const usrsctpOptions = ['--buffer-bytes', '262144'];
/** Above it, a datagram for each message is not what any transport here sends. */
const longestDatagramBytes = 1_400;

/** Messages from one process to another on one association: ours as engine and as socket, usrsctp, and the ceilings TCP and UDP. */
export async function measureMessages(isShort: boolean): Promise<void> {
  for (const { messageBytes, count } of sizes) {
    const messages = isShort ? count / 4 : count;
    const results = await inTurn(openersFor(messageBytes), isShort ? 1 : 5, messages, messageBytes);
    const rates = (transport: string): number[] =>
      (results.get(transport) ?? []).map(({ receiver }) => messages / (receiver.elapsedMs / 1_000));
    const fastest = (transport: string): number => Math.max(...rates(transport));
    for (const [transport, measured] of results) {
      const microseconds = (side: 'sender' | 'receiver'): number =>
        round((median(measured.map((each) => each[side].cpuMs)) * 1_000) / messages, 2);
      report('messages', {
        transport,
        messageBytes,
        perSecond: Math.round(median(rates(transport))),
        fastest: Math.round(fastest(transport)),
        megabytesPerSecond: round((median(rates(transport)) * messageBytes) / 1e6, 1),
        senderMicroseconds: microseconds('sender'),
        receiverMicroseconds: microseconds('receiver'),
        // Of the fastest runs, as those that were disturbed least.
        ratioToTcp: round(fastest(transport) / fastest('tcp'), 2),
        ...(results.has('usrsctp')
          ? { ratioToUsrsctp: round(fastest(transport) / fastest('usrsctp'), 2) }
          : {}),
      });
    }
  }
}

type Opener = () => Promise<PeerPair>;

function openersFor(messageBytes: number): ReadonlyMap<string, Opener> {
  const kinds = ['sctp', 'socket', 'tcp', ...(messageBytes <= longestDatagramBytes ? ['udp'] : [])];
  const openers = new Map<string, Opener>(kinds.map((kind) => [kind, () => nodePair(kind)]));
  if (typeof usrsctp === 'string') return openers;
  const { program } = usrsctp;
  return openers.set('usrsctp', () => usrsctpPair(program, usrsctpOptions));
}

/** New processes for each turn, and two runs, of which the second counts: by then code is compiled and windows are open. */
async function inTurn(
  openers: ReadonlyMap<string, Opener>,
  rounds: number,
  count: number,
  messageBytes: number,
): Promise<Map<string, Measured[]>> {
  const results = new Map<string, Measured[]>([...openers.keys()].map((transport) => [transport, []]));
  for (let index = 0; index < rounds; index += 1) {
    for (const [transport, open] of openers) {
      const pair = await open();
      await pair.run(count, messageBytes);
      results.get(transport)?.push(await pair.run(count, messageBytes));
      await pair.stop();
    }
  }
  return results;
}
