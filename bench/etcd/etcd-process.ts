import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '@rserpool/testkit';

const memoryDirectory = '/dev/shm';
const ticksPerSecond = 100; // of /proc on Linux

/** etcd by itself, with its data in memory where there is a place for that, so that no disk is measured. */
export class EtcdProcess {
  readonly url: string;
  /** Where the data lie. */
  readonly directory: string;
  readonly #child: ChildProcess;

  private constructor(url: string, directory: string, child: ChildProcess) {
    this.url = url;
    this.directory = directory;
    this.#child = child;
  }

  static async start(): Promise<EtcdProcess> {
    const directory = mkdtempSync(
      join(existsSync(memoryDirectory) ? memoryDirectory : tmpdir(), 'bench-etcd-'),
    );
    const [port, peerPort] = await freePorts(2);
    const url = `http://127.0.0.1:${port}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    const child = spawn(
      'etcd',
      [
        ...['--data-dir', directory, '--log-level', 'error'],
        ...['--listen-client-urls', url, '--advertise-client-urls', url],
        ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
        ...['--initial-cluster', `default=${peerUrl}`],
      ],
      { stdio: 'ignore' },
    );
    const etcd = new EtcdProcess(url, directory, child);
    for (let triesLeft = 50; ; triesLeft -= 1) {
      try {
        etcd.control('endpoint', 'health');
        return etcd;
      } catch (error) {
        if (triesLeft === 0 || child.exitCode !== null) throw error;
        await sleep(100);
      }
    }
  }

  /** Runs etcdctl. @returns what it printed */
  control(...command: readonly string[]): string {
    const env = { ...process.env, ETCDCTL_API: '3' };
    return execFileSync('etcdctl', ['--endpoints', this.url, ...command], {
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  /** Processor time that it has used so far, in milliseconds. */
  cpuMs(): number {
    const fields =
      readFileSync(`/proc/${this.#child.pid ?? 0}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
    rmSync(this.directory, { recursive: true });
  }
}
