/**
 * What this process has used of the processor so far, its threads included, in milliseconds. Unlike the time that has passed it
 * hardly depends on what else the machine does.
 */
export function cpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
