import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { missing, programPath } from './support.ts';
import type { TwoHomedReport } from './two-homed-world.ts';

const world = fileURLToPath(new URL('two-homed-world.ts', import.meta.url));
/**
 * A network namespace without privileges, in which the loopback device will not do: usrsctp does not send from its addresses to others.
 */
const network =
  'ip link set lo up; for path in 1 2; do ip link add path$path type veth peer name end$path && ' +
  'ip addr add 10.$path.0.1/24 dev path$path && ip addr add 10.$path.0.2/24 dev path$path && ' +
  'ip link set path$path up && ip link set end$path up || exit 1; done; exec "$@"';

/** @returns what it printed; a text where namespaces are not to be had */
function run(command: readonly string[]): string {
  const inNetwork = ['--user', '--map-root-user', '--net', 'sh', '-c', network, 'sh', ...command];
  return execFileSync('unshare', inNetwork, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
}

function findMissing(): string | undefined {
  if (missing !== undefined) return missing;
  try {
    run(['true']);
    return undefined;
  } catch (error) {
    return `network namespaces for users are not allowed here, or iproute2 is missing: ${String(error)}`;
  }
}

const reason = findMissing();
if (reason !== undefined) console.warn(`skipped: multi-homing with usrsctp: ${reason}`);

describe.skipIf(reason !== undefined)('two addresses on each side', () => {
  it.each(['ours', 'usrsctp'])(
    'opened by %s: both sides go over to path 2 when path 1 is cut and back when it is healed, and nothing is lost',
    (opener) => {
      const node = [process.execPath, '--conditions=@rserpool/source', '--import', 'tsx', world];
      const report = JSON.parse(run([...node, programPath, opener])) as TwoHomedReport; // our own program's
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
