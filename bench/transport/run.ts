// Echo over loopback, client and server in this process: the TCP transport against bare TCP with a length prefix, turn about in
// the same run. One line of JSON for each message size; `ratio` is the transport's rate by the floor's.
import { TcpTransport } from '@rserpool/transport';
import { bareEcho } from './bare-echo.ts';
import { framedEcho } from './framed-echo.ts';

const short = process.argv.includes('--short');
const rounds = short ? 2 : 7;
const windowBytes = 256 * 1024;
const local = { protocol: 'tcp', port: 0, use: 'data-control', addresses: ['127.0.0.1'] } as const;
const sizes = [
  { messageBytes: 20, messages: 100_000 },
  { messageBytes: 100, messages: 100_000 },
  { messageBytes: 1_000, messages: 30_000 },
  { messageBytes: 60_000, messages: 1_500 },
];

for (const { messageBytes, messages } of sizes) {
  const window = Math.max(1, Math.min(1_000, Math.floor(windowBytes / messageBytes)));
  const floorMs: number[] = [];
  const framedMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floorMs.push(await bareEcho(messageBytes, messages, window));
    framedMs.push(await framedEcho(new TcpTransport(), local, messageBytes, messages, window));
  }
  // An echo is two messages: one each way. The best round counts, as the one that was disturbed least.
  const perSecond = (elapsedMs: number[]): number =>
    Math.round((2 * messages) / (Math.min(...elapsedMs) / 1_000));
  const floor = perSecond(floorMs);
  const framed = perSecond(framedMs);
  const ratio = Number((framed / floor).toFixed(2));
  console.log(
    JSON.stringify({
      bench: 'transport',
      what: 'tcp echo',
      messageBytes,
      messagesPerSecond: framed,
      floorPerSecond: floor,
      ratio,
    }),
  );
}
