import type { Association, AssociationHandler, DownReason, Endpoint, Message } from '@rserpool/core';
import { SctpKernelTransport } from '@rserpool/transport';
import { KernelAssociation } from '../../packages/transport/src/sctp-kernel/kernel-association.ts';
import { TallyKeeper, numberedMessage } from '../support/numbered-messages.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { run, tell } from '../support/peer-program.ts';
import type { Command, PeerOptions } from '../support/peer-protocol.ts';

/** A peer on the transport over kernel SCTP, with one association at a time. */
class TransportPeer {
  #endpoint: Endpoint | undefined;
  readonly #associations = new Set<Association>();
  #association: Association | undefined;
  #tally = new TallyKeeper();
  #expected = Infinity;
  #onWritable: (() => void) | undefined;

  static async listen({ addresses, port, parameters }: PeerOptions): Promise<TransportPeer> {
    const transport = await SctpKernelTransport.open({ parameters, log: logged });
    const peer = new TransportPeer();
    peer.#endpoint = await transport.listen(
      { protocol: 'sctp', port, use: 'data-control', addresses },
      (association) => {
        peer.#associations.add((peer.#association = association));
        tell({ event: 'up' });
        return peer.#handler(() => association);
      },
    );
    return peer;
  }

  async obey(command: Command): Promise<void> {
    switch (command.do) {
      case 'connect': {
        this.#connect(command);
        return;
      }
      case 'send':
        await this.#send(command.sending);
        {
          tell({ event: 'sent' });
          return;
        }
      case 'expect':
        this.#tally = new TallyKeeper();
        this.#expected = command.count;
        {
          tell({ event: 'expecting' });
          return;
        }
      case 'status': {
        this.#tellStatus();
        return;
      }
      case 'address':
        throw new Error('the kernel program does that');
      case 'shutdown':
        return this.#association?.close();
      case 'abort':
        return this.#association?.abort();
    }
  }

  #connect({ addresses, port }: Command & { readonly do: 'connect' }): void {
    const remote = { protocol: 'sctp', port, use: 'data-control', addresses } as const;
    this.#association = this.#endpoint?.connect(
      remote,
      this.#handler(() => this.#association),
    );
    if (this.#association !== undefined) this.#associations.add(this.#association);
  }

  #handler(self: () => Association | undefined): AssociationHandler {
    return {
      onUp: () => tell({ event: 'up' }),
      onMessage: (message) => this.#received(message),
      onWritable: () => this.#onWritable?.(),
      onDown: (reason, undelivered) => this.#ended(self(), reason, undelivered),
    };
  }

  #received(message: Message): void {
    this.#tally.add(message);
    if (this.#tally.messages === this.#expected) tell({ event: 'received', ...this.#tally.tally() });
  }

  #ended(association: Association | undefined, reason: DownReason, undelivered: readonly Message[]): void {
    if (association !== undefined) this.#associations.delete(association);
    tell({ event: 'end', reason, undelivered: undelivered.length, causes: [] });
  }

  async #send({ count, sizeBytes, streams, payloadProtocolId, paceMs = 0 }: Sending): Promise<void> {
    for (let number = 0; number < count; number += 1) {
      const message = {
        payloadProtocolId,
        streamId: number % streams,
        data: numberedMessage(number, sizeBytes),
      };
      const hasRoom = this.#association?.send(message) ?? true;
      if (!hasRoom) await new Promise<void>((resolve) => (this.#onWritable = resolve));
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
    }
  }

  #tellStatus(): void {
    const status = this.#association instanceof KernelAssociation ? this.#association.status() : undefined;
    const paths = Object.fromEntries((status?.paths ?? []).map(({ address, state }) => [address, state]));
    tell({
      event: 'status',
      associations: this.#associations.size,
      paths,
      primary: status?.primaryAddress ?? '',
    });
  }
}

/** The port tells no paths; the log does. */
function logged(level: string, event: string, fields: Readonly<Record<string, unknown>> = {}): void {
  console.log('transport-peer', level, event, fields);
  if (event === 'path changed')
    tell({ event: 'path', address: String(fields['address']), state: String(fields['state']) });
}

await run((options) => TransportPeer.listen(options));
