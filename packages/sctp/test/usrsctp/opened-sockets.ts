import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Of a process, as Linux tells: how many UDP and how many raw sockets it has. */
export function openedSockets(pid: number): { readonly udp: number; readonly raw: number } {
  const inodes = new Set(inodesOfProcess(pid));
  const count = (table: string): number =>
    inodesOfTable(`/proc/${pid}/net/${table}`).filter((inode) => inodes.has(inode)).length;
  return { udp: count('udp') + count('udp6'), raw: count('raw') + count('raw6') };
}

function inodesOfProcess(pid: number): readonly string[] {
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** Of all sockets in such a table: its tenth column (proc(5)). */
function inodesOfTable(table: string): readonly string[] {
  const [, ...rows] = readFileSync(table, 'utf8').trim().split('\n');
  return rows.flatMap((row) => row.trim().split(/\s+/)[9] ?? []);
}
