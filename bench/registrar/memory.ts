import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MemoryWorkload } from './memory-process.ts';
import { report } from './report.ts';

/** Memory for each element, all told: handlespace, timers, and what the registrar knows about reaching it. */
export async function measureMemory(isShort: boolean): Promise<void> {
  const elements = isShort ? 20_000 : 100_000;
  for (const associations of isShort ? [100] : [100, elements]) {
    const workload: MemoryWorkload = { elements, associations };
    const child = fork(
      fileURLToPath(new URL('./memory-process.ts', import.meta.url)),
      [JSON.stringify(workload)],
      {
        execArgv: [...process.execArgv, '--expose-gc'],
      },
    );
    const [bytesPerElement] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`memory-process.ts ended with code ${String(code)}`);
      }),
    ])) as [number];
    report('memory', { elements, associations, bytesPerElement: Math.round(bytesPerElement) });
  }
}
