import { expect, it, onTestFinished } from 'vitest';
import { dynamicAddresses } from '../../src/extensions/dynamic-addresses.ts';
import type { AddressChangeOutcome } from '../../src/extensions/dynamic-addresses.ts';
import { nodeHmac } from '../../src/link/node-host.ts';
import { UdpLink } from '../../src/link/udp-link.ts';
import { SctpSocket } from '../../src/socket/sctp-socket.ts';
import type { SocketAssociation } from '../../src/socket/socket-association.ts';

const addresses = dynamicAddresses(nodeHmac);
const options = { extensions: [addresses], parameters: { rtoInitialMs: 200, rtoMinMs: 100, rtoMaxMs: 500 } };

/** A client at 127.0.0.1, on a link of its own, and a server at 127.0.0.9. */
async function connected(): Promise<{ link: UdpLink; near: SocketAssociation; far: SocketAssociation }> {
  const server = await SctpSocket.bind({ addresses: ['127.0.0.9'], udpPort: 0, ...options });
  onTestFinished(() => server.abort());
  const link = new UdpLink({ addresses: ['127.0.0.1'], udpPort: 0 });
  onTestFinished(() => link.close());
  const near = await SctpSocket.connect(
    { addresses: ['127.0.0.9'], port: server.port, udpPort: server.udpPort },
    { link, ...options },
  );
  onTestFinished(() => near.abort());
  for await (const far of server) return { link, near, far };
  throw new Error('not accepted');
}

/** Numbered messages, until it is told to stop. */
class Load {
  readonly #from: SocketAssociation;
  readonly #reading: Promise<number>;
  readonly #sending: Promise<number>;
  #isOver = false;
  received = 0;

  constructor(from: SocketAssociation, to: SocketAssociation) {
    this.#from = from;
    this.#reading = this.#read(to);
    this.#sending = this.#send();
  }

  async more(count: number): Promise<void> {
    const enough = this.received + count;
    while (this.received < enough) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** @returns how many were sent, all of which have arrived in order */
  async end(): Promise<number> {
    this.#isOver = true;
    const sent = await this.#sending;
    expect(await this.#reading).toBe(sent);
    return sent;
  }

  async #send(): Promise<number> {
    let sent = 0;
    for (; !this.#isOver; sent += 1) {
      await this.#from.send(`${sent} ${'x'.repeat(600)}`);
      if (sent % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await this.#from.send('the end');
    return sent;
  }

  async #read(to: SocketAssociation): Promise<number> {
    for await (const message of to) {
      if (message.text() === 'the end') break;
      expect(message.text().split(' ')[0]).toBe(`${this.received}`);
      this.received += 1;
    }
    return this.received;
  }
}

type Change = 'addAddress' | 'deleteAddress' | 'requestPrimary';

function changed(
  association: SocketAssociation,
  change: Change,
  address: string,
): Promise<AddressChangeOutcome> {
  return new Promise((resolve) => association.extension(addresses)?.[change](address, resolve));
}

it('an association moves from 127.0.0.1 to 127.0.0.2 under load both ways, and nothing is lost', async () => {
  const { link, near, far } = await connected();
  const loads = [new Load(near, far), new Load(far, near)];
  await Promise.all(loads.map((load) => load.more(300)));

  link.addAddress('127.0.0.2');
  expect(await changed(near, 'addAddress', '127.0.0.2')).toBe('performed');
  await Promise.all(loads.map((load) => load.more(100)));
  const outcomes = [
    changed(near, 'requestPrimary', '127.0.0.2'),
    changed(near, 'deleteAddress', '127.0.0.1'),
  ];
  expect(await Promise.all(outcomes)).toEqual(['performed', 'performed']);
  link.removeAddress('127.0.0.1');

  await Promise.all(loads.map((load) => load.more(300)));
  for (const load of loads) expect(await load.end()).toBeGreaterThan(600);
  expect(far.remoteAddresses).toEqual(['127.0.0.2']);
  expect(near.localAddresses).toEqual(['127.0.0.2']);
  await near.close();
});

it('an association whose only address has gone already goes on at another', async () => {
  const { link, near, far } = await connected();
  const loads = [new Load(near, far), new Load(far, near)];
  await Promise.all(loads.map((load) => load.more(300)));

  link.removeAddress('127.0.0.1'); // the network has taken it away
  await new Promise((resolve) => setTimeout(resolve, 50));
  link.addAddress('127.0.0.2');
  const outcomes = [
    changed(near, 'addAddress', '127.0.0.2'),
    changed(near, 'requestPrimary', '127.0.0.2'),
    changed(near, 'deleteAddress', '127.0.0.1'),
  ];
  expect(await Promise.all(outcomes)).toEqual(['performed', 'performed', 'performed']);

  await Promise.all(loads.map((load) => load.more(300)));
  for (const load of loads) expect(await load.end()).toBeGreaterThan(600);
  expect(far.remoteAddresses).toEqual(['127.0.0.2']);
  await near.close();
});
