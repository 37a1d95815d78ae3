import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** usrsctp-peer.c, compiled for this run. */
export interface UsrsctpProgram {
  readonly path: string;
  remove(): void;
}

/** Compiles it into a temporary directory. @returns a text where that cannot be done here: what is missing */
export function compileUsrsctpProgram(): UsrsctpProgram | string {
  const directory = mkdtempSync(join(tmpdir(), 'usrsctp-peer-'));
  const path = join(directory, 'usrsctp-peer');
  const source = join(import.meta.dirname, 'usrsctp-peer.c');
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    execFileSync('cc', ['-O2', source, '-o', path, '-lusrsctp', '-lpthread'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    remove();
    const lines = error instanceof Error ? error.message.trim().split('\n') : [];
    const missing = lines.find((line) => /fatal error|cannot find|ENOENT/.test(line)) ?? lines.at(-1);
    return `usrsctp-peer.c does not compile here (Debian: apt-get install gcc libc6-dev libusrsctp-dev): ${missing ?? 'cc failed'}`;
  }
  return { path, remove };
}
