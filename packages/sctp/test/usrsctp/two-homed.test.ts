import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { missing, programPath } from './support.ts';
import { missingForTwoHomedNetwork, runInTwoHomedNetwork } from './two-homed-network.ts';
import type { TwoHomedReport } from './two-homed-world.ts';

const world = fileURLToPath(new URL('two-homed-world.ts', import.meta.url));
const reason = missing ?? missingForTwoHomedNetwork();
if (reason !== undefined) console.warn(`skipped: multi-homing with usrsctp: ${reason}`);

describe.skipIf(reason !== undefined)('two addresses on each side', () => {
  it.each(['ours', 'usrsctp'])(
    'opened by %s: both sides go over to path 2 when path 1 is cut and back when it is healed, and nothing is lost',
    (opener) => {
      const node = [process.execPath, '--conditions=@rserpool/source', '--import', 'tsx', world];
      const report = JSON.parse(runInTwoHomedNetwork([...node, programPath, opener])) as TwoHomedReport; // our own program's
      const { sent, received, receivedByUsrsctp, states, otherPathPackets } = report;
      const whole = { messages: sent, bytes: 2_000 * sent, corrupt: 0, duplicates: 0, disordered: 0 };
      expect(received).toMatchObject(whole);
      expect(receivedByUsrsctp).toMatchObject(whole);
      expect(states).toEqual([
        ['active', 'active'],
        ['inactive', 'active'],
        ['active', 'active'],
      ]);
      const [before, meanwhile] = otherPathPackets;
      expect(meanwhile).toBeGreaterThan(before + sent / 10); // before it carried only HEARTBEATs
    },
    60_000,
  );
});
