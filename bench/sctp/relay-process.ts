// A lossy relay in a process of its own; it tells its parent its UDP port, and ends with it.
//   arguments: UDP port behind it on 127.0.0.1, loss rate, delay in ms each way, seed
import { LossyRelay } from '../../packages/sctp/test/support/lossy-relay.ts';

const [udpPort = 0, lossRate = 0, delayMs = 0, seed = 1] = process.argv.slice(2).map(Number);
const relay = await LossyRelay.open({ address: '127.0.0.1', udpPort }, { lossRate, delayMs }, seed);
process.on('disconnect', () => process.exit(0));
process.send?.(relay.udpPort);
