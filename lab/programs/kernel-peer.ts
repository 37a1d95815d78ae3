import { CLibrary } from '../../packages/transport/src/linux/c-library.ts';
import type { PollEvents } from '../../packages/transport/src/linux/koffi.ts';
import type { Readiness } from '../../packages/transport/src/linux/readiness.ts';
import { Errno, systemError } from '../../packages/transport/src/linux/system-error.ts';
import { applyParameters, subscribe } from '../../packages/transport/src/sctp-kernel/kernel-parameters.ts';
import { KernelSocket } from '../../packages/transport/src/sctp-kernel/kernel-socket.ts';
import type { Received } from '../../packages/transport/src/sctp-kernel/kernel-socket.ts';
import { kernelStatus } from '../../packages/transport/src/sctp-kernel/kernel-status.ts';
import type { AssociationChange } from '../../packages/transport/src/sctp-kernel/notification.ts';
import {
  SctpFlag,
  SctpOption,
  associationValueLayout,
} from '../../packages/transport/src/sctp-kernel/sctp-structures.ts';
import { TallyKeeper, numberedMessage } from '../support/numbered-messages.ts';
import type { Sending } from '../support/numbered-messages.ts';
import { run, tell } from '../support/peer-program.ts';
import type { Command, PeerOptions } from '../support/peer-protocol.ts';
import { familyOf, packSocketAddresses } from '../../packages/transport/src/linux/socket-address.ts';

/** SCTP_ENABLE_STREAM_RESET, and its SCTP_ENABLE_RESET_STREAM_REQ. */
const enableStreamReset = 118;
const resetStreamRequests = 1;

/** SCTP_SOCKOPT_BINDX_REM, and SCTP_SET_PEER_PRIMARY_ADDR with its sctp_setpeerprim: an association and a sockaddr_storage. */
const bindxRemove = 101;
const setPeerPrimary = 5;
const socketAddressStorageBytes = 128;

/** A peer on the kernel's SCTP: a one-to-many socket, and one association at a time. */
class KernelPeer {
  readonly #socket: KernelSocket;
  readonly #readiness: Readiness;
  readonly #tickMs: number;
  #associationId = 0;
  #associations = 0;
  #undelivered = 0;
  #pieces: Uint8Array[] = [];
  #tally = new TallyKeeper();
  #expected = Infinity;
  #onWritable: (() => void) | undefined;

  constructor(library: CLibrary, options: PeerOptions) {
    const { addresses, port, parameters, allowsStreamReset = false } = options;
    this.#socket = KernelSocket.open(library, KernelSocket.calls(library), familyOf(addresses));
    subscribe(this.#socket);
    applyParameters(this.#socket, { outbound: 20, inbound: 20 }, parameters);
    this.#socket.setBufferSizes(1_000_000, 1_000_000);
    this.#socket.abortOnClose();
    if (allowsStreamReset)
      this.#socket.setOption(
        enableStreamReset,
        associationValueLayout.encode({ value: resetStreamRequests }),
      );
    this.#socket.bind(addresses, port);
    this.#socket.listen();
    this.#tickMs = library.kernelTickMs();
    this.#readiness = this.#socket.watch((ready) => this.#onReady(ready));
  }

  async obey(command: Command): Promise<void> {
    switch (command.do) {
      case 'connect':
        this.#socket.connect(command.addresses, command.port);
        return;
      case 'send':
        await this.#send(command.sending);
        tell({ event: 'sent' });
        return;
      case 'expect':
        this.#tally = new TallyKeeper();
        this.#expected = command.count;
        tell({ event: 'expecting' });
        return;
      case 'address':
        this.#changeAddress(command.change, command.address);
        return;
      case 'status':
        this.#tellStatus();
        return;
      case 'shutdown':
        this.#socket.end(this.#associationId, SctpFlag.endOfAssociation);
        return;
      case 'abort':
        this.#socket.end(this.#associationId, SctpFlag.abort, command.reason);
        return;
    }
  }

  #changeAddress(change: 'add' | 'remove' | 'primary', address: string): void {
    const packed = packSocketAddresses([address], this.#socket.localAddresses(0)[0]?.port ?? 0);
    if (packed === undefined) throw new Error(`expected an address, got ${address}`);
    if (change !== 'primary') {
      this.#socket.setOption(change === 'add' ? SctpOption.bindxAdd : bindxRemove, packed);
      return;
    }
    const request = new Uint8Array(4 + socketAddressStorageBytes);
    new DataView(request.buffer).setInt32(0, this.#associationId, true);
    request.set(packed, 4);
    this.#socket.setOption(setPeerPrimary, request);
  }

  async #send({
    count,
    sizeBytes,
    streams,
    unordered = false,
    payloadProtocolId,
    paceMs = 0,
  }: Sending): Promise<void> {
    const unorderedFlag = 1;
    for (let number = 0; number < count; number += 1) {
      const info = {
        associationId: this.#associationId,
        streamId: number % streams,
        payloadProtocolId,
        context: number,
        flags: unordered ? unorderedFlag : 0,
      };
      for (;;) {
        const sent = this.#socket.send(numberedMessage(number, sizeBytes), info, false);
        if (sent >= 0) break;
        if (sent !== Errno.again) throw systemError('sendmsg', sent);
        await new Promise<void>((resolve) => {
          this.#onWritable = resolve;
          this.#readiness.want({ readable: true, writable: true });
        });
      }
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
    }
  }

  #onReady({ readable, writable }: PollEvents): void {
    if (writable) {
      this.#readiness.want({ readable: true, writable: false });
      this.#onWritable?.();
      this.#onWritable = undefined;
    }
    if (!readable) return;
    for (let pieces = 0; pieces < 100; pieces += 1) {
      const received = this.#socket.receive();
      if (typeof received === 'number') return;
      this.#onReceived(received);
    }
  }

  #onReceived(received: Received): void {
    switch (received.type) {
      case 'data':
        this.#pieces.push(received.bytes);
        if (!received.endOfMessage) return;
        this.#tally.add({ ...received, data: Buffer.concat(this.#pieces.splice(0)) });
        if (this.#tally.messages === this.#expected) tell({ event: 'received', ...this.#tally.tally() });
        return;
      case 'association-change':
        return this.#onChange(received);
      case 'peer-address-change':
        return tell({ event: 'path', address: received.address, state: received.state });
      case 'send-failed':
        this.#undelivered += 1;
        return;
      case 'shutdown':
        return tell({ event: 'peer-shutdown' });
      case 'remote-error':
      case 'partial-delivery-aborted':
      case 'other':
        console.log('kernel-peer', received);
    }
  }

  #onChange({ state, associationId, isAborted }: AssociationChange): void {
    if (state === 'up' || state === 'restarted') {
      this.#associationId = associationId;
      if (state === 'up') this.#associations += 1;
      this.#pieces = [];
      return tell({ event: state });
    }
    if (state !== 'cannot-start') this.#associations -= 1;
    // What was not delivered is told before, and after.
    setImmediate(() => {
      const reason =
        state === 'closed'
          ? 'closed'
          : state === 'cannot-start'
            ? 'unreachable'
            : isAborted
              ? 'aborted'
              : 'lost';
      tell({ event: 'end', reason, undelivered: this.#undelivered, causes: [] });
      this.#undelivered = 0;
    });
  }

  #tellStatus(): void {
    const status = kernelStatus(this.#socket, this.#associationId, this.#tickMs);
    const paths = Object.fromEntries((status?.paths ?? []).map(({ address, state }) => [address, state]));
    tell({ event: 'status', associations: this.#associations, paths, primary: status?.primaryAddress ?? '' });
  }
}

const library = await CLibrary.open();
await run((options) => new KernelPeer(library, options));
