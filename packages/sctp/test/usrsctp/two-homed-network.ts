import { execFileSync } from 'node:child_process';

/** Two ends of two paths, 10.1.0.1 - 10.1.0.2 and 10.2.0.1 - 10.2.0.2. usrsctp, whose source addresses the kernel chooses, can be the first only. */
export const firstEnd = { addresses: ['10.1.0.1', '10.2.0.1'], port: 5_001, udpPort: 9_901 } as const;
export const secondEnd = { addresses: ['10.1.0.2', '10.2.0.2'], port: 5_002, udpPort: 9_902 } as const;
/** Of the relays on both paths, in front of that end which accepts. */
export const relayUdpPort = 9_903;

/**
 * A network namespace without privileges, in which the loopback device will not do: usrsctp does not send from its addresses to others.
 */
const network =
  'ip link set lo up; for path in 1 2; do ip link add path$path type veth peer name end$path && ' +
  'ip addr add 10.$path.0.1/24 dev path$path && ip addr add 10.$path.0.2/24 dev path$path && ' +
  'ip link set path$path up && ip link set end$path up || exit 1; done; exec "$@"';

/** Runs a program in that network. @returns what it printed. @throws Error where namespaces are not to be had, or the program failed */
export function runInTwoHomedNetwork(command: readonly string[]): string {
  const inNetwork = ['--user', '--map-root-user', '--net', 'sh', '-c', network, 'sh', ...command];
  return execFileSync('unshare', inNetwork, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
}

/** Undefined where it is to be had. */
export function missingForTwoHomedNetwork(): string | undefined {
  try {
    runInTwoHomedNetwork(['true']);
    return undefined;
  } catch (error) {
    return `network namespaces for users are not allowed here, or iproute2 is missing: ${String(error)}`;
  }
}
