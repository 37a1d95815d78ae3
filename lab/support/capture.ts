import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';

/** Beside the scenario's log, where it can be read afterwards. */
export const captureFile = `/job/${basename(process.argv[1] ?? '', '.mjs')}.pcapng`;

/** Everything at UDP port 9899 on some interfaces. */
export class Capture {
  readonly #dumpcap: ChildProcess;

  private constructor(dumpcap: ChildProcess) {
    this.#dumpcap = dumpcap;
  }

  /** Resolves when it captures. Exits with code 77, and the reason, where tshark is not installed. */
  static async start(interfaces: readonly string[]): Promise<Capture> {
    if (!existsSync('/usr/bin/tshark')) {
      console.log('tshark is not installed (package tshark)');
      process.exit(77);
    }
    const where = interfaces.flatMap((name) => ['-i', name]);
    const dumpcap = spawn('dumpcap', ['-q', ...where, '-f', 'udp port 9899', '-w', captureFile], {
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    // It says `File: ...` when it has opened that, and the interfaces before.
    for await (const text of dumpcap.stderr) if (String(text).includes('File:')) break;
    dumpcap.stderr.resume();
    return new Capture(dumpcap);
  }

  /** What tshark finds wrong with packets from these addresses: none is right. */
  async faults(sources: readonly string[]): Promise<PacketReport> {
    this.#dumpcap.kill('SIGINT');
    await once(this.#dumpcap, 'exit');
    return dissect(sources);
  }
}

export interface PacketReport {
  /** Of ours. */
  readonly packets: number;
  /** Number of the frame, and what is wrong. */
  readonly faults: readonly string[];
  /** What else tshark remarks, such as retransmissions, and of how many packets. */
  readonly remarks: Readonly<Record<string, number>>;
}

/** Severities of expert information. */
const errorSeverity = 0x0080_0000;
const fields = [
  'frame.number',
  'sctp.checksum.status',
  '_ws.malformed',
  '_ws.expert.severity',
  '_ws.expert.message',
];
const goodChecksum = '1';

function dissect(sources: readonly string[]): PacketReport {
  const ours = sources
    .map((address) => `ip${address.includes(':') ? 'v6' : ''}.src == ${address}`)
    .join(' || ');
  const output = execFileSync(
    'tshark',
    [
      ...['-r', captureFile, '-d', 'udp.port==9899,sctp', '-Y', `sctp && !icmp && !icmpv6 && (${ours})`],
      ...['-o', 'sctp.checksum:CRC 32c', '-o', 'sctp.ulp_dissection:FALSE'],
      ...['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=;'],
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const faults: string[] = [];
  const remarks: Record<string, number> = {};
  const lines = output.split('\n').slice(0, -1);
  for (const line of lines) {
    const [frame = '', checksum = '', malformed = '', severities = '', messages = ''] = line.split('\t');
    const isBad =
      checksum !== goodChecksum ||
      malformed !== '' ||
      severities.split(';').some((one) => Number(one) >= errorSeverity);
    if (isBad) faults.push(`frame ${frame}: checksum ${checksum}, ${malformed} ${messages}`);
    else
      for (const remark of new Set(messages.split(';')))
        if (remark !== '') remarks[remark] = (remarks[remark] ?? 0) + 1;
  }
  return { packets: lines.length, faults, remarks };
}
