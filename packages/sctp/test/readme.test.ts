// What a new user does: the packed package alone in an empty directory, and the README's programs as they stand there.
import { execFile, execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [server, client, twoPaths] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, code]) => code ?? '',
);
const programs = { 'server.mjs': server, 'client.mjs': client, 'two-paths.mjs': twoPaths };

const reason = reasonToSkip();
if (reason !== undefined) console.log(`the README's programs are not tried: ${reason}`);

function reasonToSkip(): string | undefined {
  try {
    execFileSync('npm', ['--version']);
  } catch {
    return 'npm is not installed';
  }
  return process.platform === 'linux' ? undefined : `${process.platform} has no 127.0.0.2 to 127.0.0.4`;
}

describe.skipIf(reason !== undefined)(
  "the README's programs, with the packed package in an empty directory",
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'sctp-package-'));

    beforeAll(async () => {
      await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/sctp'], { cwd: root });
      const pack = ['pack', '--workspace', 'packages/sctp', '--pack-destination', directory, '--json'];
      const { stdout } = await run('npm', pack, { cwd: root });
      const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
      writeFileSync(join(directory, 'package.json'), '{ "private": true }');
      await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${filename}`], {
        cwd: directory,
      });
      for (const [name, code = ''] of Object.entries(programs)) writeFileSync(join(directory, name), code);
    }, 120_000);

    afterAll(() => rmSync(directory, { recursive: true }));

    function start(program: keyof typeof programs): ChildProcess & { readonly lines: AsyncIterable<string> } {
      const child = spawn(process.execPath, [program], {
        cwd: directory,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return Object.assign(child, { lines: createInterface({ input: child.stdout }) });
    }

    /** What it prints; it must end by itself, and well. */
    async function printed(program: keyof typeof programs): Promise<string[]> {
      const child = start(program);
      const lines: string[] = [];
      const exited = once(child, 'exit');
      for await (const line of child.lines) lines.push(line);
      expect(await exited).toEqual([0, null]);
      return lines;
    }

    it('the package brings nothing with it', () => {
      const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')) as {
        packages: object;
      };
      expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/@rserpool/sctp']);
    });

    it('echo server and client, of ten lines at most', async () => {
      for (const code of [server, client]) expect(code?.trim().split('\n').length).toBeLessThanOrEqual(10);
      await untilFree(9899);
      for await (const line of start('server.mjs').lines) {
        expect(line).toBe('echo server at SCTP port 3868');
        break;
      }
      expect(await printed('client.mjs')).toEqual(['Hello, SCTP on stream 1']);
    }, 60_000);

    it('two paths, one of which is cut', async () => {
      expect(await printed('two-paths.mjs')).toEqual([
        'the path to 127.0.0.2 is active',
        'over the first path',
        'over the second path',
        'the path to 127.0.0.1 is inactive',
        'the path to 127.0.0.1 is active',
      ]);
    }, 60_000);
  },
);

/** Other tests use the registered UDP port too. */
async function untilFree(udpPort: number): Promise<void> {
  for (;;) {
    const socket = createSocket('udp4').bind(udpPort, '127.0.0.1');
    try {
      await once(socket, 'listening');
      socket.close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
