import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface PeerProcess {
  /** The next line that it prints. */
  line(): Promise<string>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

/** A `peer-process.ts`, killed when the test is over. */
export function startPeer(...args: readonly (string | number)[]): PeerProcess {
  const script = fileURLToPath(new URL('peer-process.ts', import.meta.url));
  const command = ['--conditions=@rserpool/source', '--import', 'tsx', script, ...args.map(String)];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    line: async () => {
      const next: IteratorResult<string, undefined> = await lines.next();
      if (next.done === true) throw new Error(`the peer process ended before it printed: ${args.join(' ')}`);
      return next.value;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
