import type { Association, AssociationHandler, DownReason, Endpoint, Message } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { onTestFinished } from 'vitest';
import { TcpTransport } from '../../src/tcp/tcp-transport.ts';
import type { TcpTransportOptions } from '../../src/tcp/tcp-transport.ts';

const loopback = { protocol: 'tcp', port: 0, use: 'data-control', addresses: ['127.0.0.1'] } as const;

export interface LogEntry {
  readonly event: string;
  readonly text: string;
}

/** What a handler heard. */
export class Notes implements AssociationHandler {
  association: Association | undefined;
  readonly received: Message[] = [];
  up = false;
  writable = 0;
  down: { reason: DownReason; undelivered: readonly Message[] } | undefined;
  #waiting: (() => void)[] = [];

  onUp(): void {
    this.up = true;
    this.wake();
  }

  onMessage(message: Message): void {
    this.received.push(message);
    this.wake();
  }

  onWritable(): void {
    this.writable += 1;
    this.wake();
  }

  onDown(reason: DownReason, undelivered: readonly Message[]): void {
    this.down = { reason, undelivered };
    this.wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async ended(): Promise<DownReason | undefined> {
    await this.until(() => this.down !== undefined);
    return this.down?.reason;
  }

  protected wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

class EchoNotes extends Notes {
  override onMessage(message: Message): void {
    this.association?.send(message);
    super.onMessage(message);
  }
}

/** An endpoint that echoes, notes what it hears of each association, and keeps its log. Closed when the test is over. */
export class EchoEndpoint {
  readonly transport: TcpTransport;
  readonly log: LogEntry[] = [];
  readonly accepted: Notes[] = [];
  private constructor(options: TcpTransportOptions) {
    this.transport = new TcpTransport({
      timing: {
        handshakeTimeoutMs: 200,
        heartbeatIntervalMs: 50,
        heartbeatTimeoutMs: 200,
        closeTimeoutMs: 500,
      },
      ...options,
      log: (_level, event, fields) => this.log.push({ event, text: String(fields?.['text']) }),
    });
  }

  endpoint: Endpoint | undefined;

  static async open(options: TcpTransportOptions = {}): Promise<EchoEndpoint> {
    const echo = new EchoEndpoint(options);
    echo.endpoint = await echo.transport.listen(loopback, (association) => {
      const notes = new EchoNotes();
      notes.association = association;
      echo.accepted.push(notes);
      return notes;
    });
    onTestFinished(() => echo.endpoint?.close());
    return echo;
  }

  get local(): MessageTransport {
    return this.endpoint?.local ?? loopback;
  }

  /** An honest association to it. */
  connect(transport = this.transport, remote = this.local): { notes: Notes; association: Association } {
    const notes = new Notes();
    const association = transport.connect(remote, notes);
    notes.association = association;
    return { notes, association };
  }
}

export function message(text: string, payloadProtocolId = 11): Message {
  return { payloadProtocolId, streamId: 0, data: new TextEncoder().encode(text) };
}

/** True when the association still carries messages both ways. */
export async function works({
  notes,
  association,
}: {
  notes: Notes;
  association: Association;
}): Promise<boolean> {
  const before = notes.received.length;
  association.send(message('still there?'));
  await notes.until(() => notes.received.length > before || notes.down !== undefined);
  return notes.down === undefined;
}
