import { SctpSocket } from '@rserpool/sctp';
import type { ErrorCause, SocketAssociation } from '@rserpool/sctp';
import { TallyKeeper, numberedMessage } from '../support/numbered-messages.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { run, tell } from '../support/peer-program.ts';
import type { Command, PeerOptions } from '../support/peer-protocol.ts';

/** A peer on our stack, at UDP port 9899, with one association at a time. */
class OurPeer {
  readonly #socket: SctpSocket;
  #association: SocketAssociation | undefined;
  #tally = new TallyKeeper();
  #expected = Infinity;

  static async bind(options: PeerOptions): Promise<OurPeer> {
    const { addresses, port, parameters } = options;
    return new OurPeer(
      await SctpSocket.bind({ addresses, port, parameters, streams: { outbound: 20, inbound: 20 } }),
    );
  }

  private constructor(socket: SctpSocket) {
    this.#socket = socket;
    void this.#accept();
  }

  async obey(command: Command): Promise<void> {
    switch (command.do) {
      case 'connect':
        return this.#connect(command);
      case 'send':
        await this.#send(command.sending);
        tell({ event: 'sent' });
        return;
      case 'expect':
        this.#tally = new TallyKeeper();
        this.#expected = command.count;
        tell({ event: 'expecting' });
        return;
      case 'status':
        this.#tellStatus();
        return;
      case 'address':
        throw new Error('the kernel program does that');
      case 'shutdown':
        return this.#association?.close();
      case 'abort':
        return this.#association?.abort(command.reason);
    }
  }

  async #connect(peer: Command & { readonly do: 'connect' }): Promise<void> {
    try {
      this.#adopt(await this.#socket.connect(peer));
    } catch (error) {
      console.log('our-peer', error);
      tell({ event: 'end', reason: 'unreachable', undelivered: 0, causes: [] });
    }
  }

  async #accept(): Promise<void> {
    for await (const association of this.#socket) this.#adopt(association);
  }

  #adopt(association: SocketAssociation): void {
    this.#association = association;
    association.on('path', ({ address, state }) => tell({ event: 'path', address, state }));
    association.on('peer-shutdown', () => tell({ event: 'peer-shutdown' }));
    association.on('peer-error', (causes) => console.log('our-peer', causes));
    association.on('end', ({ reason, undelivered, causes }) =>
      tell({ event: 'end', reason, undelivered: undelivered.length, causes: causes.map(causeText) }),
    );
    void this.#receive(association);
    tell({ event: 'up' });
  }

  async #receive(association: SocketAssociation): Promise<void> {
    try {
      for await (const message of association) {
        this.#tally.add(message);
        if (this.#tally.messages === this.#expected) tell({ event: 'received', ...this.#tally.tally() });
      }
    } catch (error) {
      console.log('our-peer', error instanceof Error ? error.message : error); // the event 'end' tells it
    }
  }

  async #send({
    count,
    sizeBytes,
    streams,
    unordered = false,
    payloadProtocolId,
    paceMs = 0,
  }: Sending): Promise<void> {
    for (let number = 0; number < count; number += 1) {
      const options = { streamId: number % streams, payloadProtocolId, unordered };
      await this.#association?.send(numberedMessage(number, sizeBytes), options);
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
    }
  }

  #tellStatus(): void {
    const { paths } = this.#association?.status() ?? { paths: [] };
    tell({
      event: 'status',
      associations: this.#socket.associations.size,
      paths: Object.fromEntries(paths.map(({ address, state }) => [address, state])),
      primary: paths.find(({ isPrimary }) => isPrimary)?.address ?? '',
    });
  }
}

function causeText(cause: ErrorCause): string {
  return cause.code === 'user-initiated-abort'
    ? `${cause.code}: ${Buffer.from(cause.reason).toString()}`
    : cause.code;
}

await run((options) => OurPeer.bind(options));
