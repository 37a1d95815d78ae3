import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadAddress } from './load-peer.ts';
import { nodePair, usrsctpPair } from './peer-pair.ts';
import type { Detour, PeerPair } from './peer-pair.ts';
import { median, report, round } from './report.ts';
import { usrsctp } from './usrsctp.ts';

const messageBytes = 1_000;
const delayMs = 10; // each way: 20 ms for a round trip
/** usrsctp's buffers as large as ours are. */
const usrsctpOptions = ['--buffer-bytes', '1048576'];

interface Loss {
  /** Each way. */
  readonly rate: number;
  readonly messages: number;
}

const losses: readonly Loss[] = [
  { rate: 0, messages: 20_000 },
  { rate: 0.001, messages: 12_000 },
  { rate: 0.01, messages: 6_000 },
  { rate: 0.02, messages: 3_000 },
  { rate: 0.05, messages: 1_000 },
];

const shortRate = 0.02;

/** Throughput through a relay that loses and delays, with the protocol parameters of RFC 9260; ours and usrsctp in turn, seed by seed. */
export async function measureLoss(isShort: boolean): Promise<void> {
  await measureRelay(isShort);
  for (const loss of isShort ? losses.filter(({ rate }) => rate === shortRate) : losses) {
    const messages = isShort ? loss.messages / 4 : loss.messages;
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let seed = 1; seed <= (isShort ? 1 : 9); seed += 1) {
      ours.push(await measureOne(loss.rate, seed, messages, (detour) => nodePair('sctp', detour)));
      if (typeof usrsctp === 'string') continue;
      const { program } = usrsctp;
      theirs.push(
        await measureOne(loss.rate, seed, messages, (detour) => usrsctpPair(program, usrsctpOptions, detour)),
      );
    }
    report('loss', {
      lossRate: loss.rate,
      roundTripMs: 2 * delayMs,
      messageBytes,
      messages,
      ...ratesOf(ours, ''),
      ...(theirs.length > 0
        ? { ...ratesOf(theirs, 'usrsctp'), ratio: round(median(ours) / median(theirs), 2) }
        : {}),
    });
  }
}

function ratesOf(rates: readonly number[], prefix: string): Record<string, number> {
  const name = (what: string): string =>
    prefix === '' ? what : `${prefix}${what[0]?.toUpperCase()}${what.slice(1)}`;
  return {
    [name('perSecond')]: Math.round(median(rates)),
    [name('slowest')]: Math.round(Math.min(...rates)),
    [name('fastest')]: Math.round(Math.max(...rates)),
  };
}

/** Messages a second. */
async function measureOne(
  lossRate: number,
  seed: number,
  messages: number,
  open: (detour: Detour) => Promise<PeerPair>,
): Promise<number> {
  const relay = new Relay(lossRate, delayMs, seed);
  const pair = await open(relay.detour);
  const { receiver } = await pair.run(messages, messageBytes);
  await pair.stop();
  await relay.stop();
  return messages / (receiver.elapsedMs / 1_000);
}

/** That the relay is not what limits: bare UDP through it, without delay. */
async function measureRelay(isShort: boolean): Promise<void> {
  const relay = new Relay(0, 0, 1);
  const pair = await nodePair('udp', relay.detour);
  const messages = isShort ? 32_000 : 320_000;
  const { receiver } = await pair.run(messages, messageBytes);
  await pair.stop();
  await relay.stop();
  report('relay', { messageBytes, packetsPerSecond: Math.round(messages / (receiver.elapsedMs / 1_000)) });
}

class Relay {
  #child: ChildProcess | undefined;
  readonly #arguments: readonly number[];

  constructor(lossRate: number, delay: number, seed: number) {
    this.#arguments = [lossRate, delay, seed];
  }

  readonly detour: Detour = async ({ port, udpPort }): Promise<LoadAddress> => {
    const program = fileURLToPath(new URL('./relay-process.ts', import.meta.url));
    this.#child = fork(program, [udpPort, ...this.#arguments].map(String));
    const [relayUdpPort] = (await once(this.#child, 'message')) as [number];
    return { port, udpPort: relayUdpPort };
  };

  async stop(): Promise<void> {
    if (this.#child === undefined) return;
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}
