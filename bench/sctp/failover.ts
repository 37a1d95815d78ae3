import { fileURLToPath } from 'node:url';
import {
  missingForTwoHomedNetwork,
  runInTwoHomedNetwork,
} from '../../packages/sctp/test/usrsctp/two-homed-network.ts';
import { parameters } from './failover-parameters.ts';
import { median, report } from './report.ts';
import { usrsctp } from './usrsctp.ts';

/** How long it takes until messages come steadily again when the primary path is cut. Ours to ours, and each with usrsctp. */
export function measureFailover(isShort: boolean): Promise<void> {
  const missing = missingForTwoHomedNetwork();
  const pairs = [['sctp', 'sctp']];
  if (typeof usrsctp !== 'string' && !isShort) pairs.push(['sctp', 'usrsctp'], ['usrsctp', 'sctp']);
  for (const [sender = '', receiver = ''] of pairs) {
    if (missing !== undefined) {
      report('failover', { sender, receiver, skipped: missing });
      continue;
    }
    const timesMs = Array.from({ length: isShort ? 1 : 7 }, () => failoverMs(sender, receiver));
    report('failover', {
      sender,
      receiver,
      milliseconds: median(timesMs),
      shortest: Math.min(...timesMs),
      longest: Math.max(...timesMs),
      ...parameters,
    });
  }
  return Promise.resolve();
}

function failoverMs(sender: string, receiver: string): number {
  const world = fileURLToPath(new URL('./failover-world.ts', import.meta.url));
  const program = typeof usrsctp === 'string' ? '' : usrsctp.program;
  return Number(
    runInTwoHomedNetwork([process.execPath, ...process.execArgv, world, sender, receiver, program]),
  );
}
