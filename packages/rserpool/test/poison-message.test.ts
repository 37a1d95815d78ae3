import { SessionEngine } from '@rserpool/core';
import type { AssociationHandler, ElementSelector, FailoverStarted } from '@rserpool/core';
import { poolHandle, textBytes } from '@rserpool/wire';
import type { MessageTransport } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { Network } from '../src/network.ts';
import { until } from './world.ts';

const deaf: AssociationHandler = {
  onUp: () => undefined,
  onMessage: () => undefined,
  onWritable: () => undefined,
  onDown: () => undefined,
};

/** Elements that die, over real sockets, before they have acknowledged anything. */
async function deadlyEndpoints(network: Network, scheme: string, count: number): Promise<MessageTransport[]> {
  const any = await network.resolve(`${scheme}://127.0.0.1`, 'test', 'any port');
  const endpoints = Array.from({ length: count }, () =>
    network.listen(any, (association) => {
      association.pause();
      // SCTP acknowledges the first message at once, whether or not it was read; TCP must have shaken hands.
      if (association.local.protocol === 'sctp') setImmediate(() => association.abort());
      else setTimeout(() => association.abort(), 30);
      return deaf;
    }),
  );
  return (await Promise.all(endpoints)).map(({ local }) => local);
}

test.each(['TCP', 'SCTP'])(
  '%s hands back the very message each time, so that it is counted and given up after three elements',
  async (protocol) => {
    const network = await Network.open({});
    const transports = await deadlyEndpoints(network, protocol.toLowerCase(), 4);
    const selector: ElementSelector = {
      select: (_pool, onResult, { exclude }) => {
        const found = [...transports.entries()].find(([elementId]) => !exclude.has(elementId));
        if (found === undefined) onResult({ ok: false, reason: 'no-element' });
        else onResult({ ok: true, element: { elementId: found[0], userTransport: found[1] } });
        return { cancel: () => undefined };
      },
      prepare: () => undefined,
      reportFailure: () => undefined,
    };
    const failovers: FailoverStarted[] = [];
    const session = new SessionEngine(
      {
        host: network.host,
        poolHandle: poolHandle('TestPool'),
        selector,
        connectElement: (remote, handler) => network.transport.connect(remote, handler),
        resend: true,
        maxDeliveryAttempts: 3,
      },
      {
        onOpen: () => undefined,
        onMessage: () => undefined,
        onFailover: (event) => failovers.push(event),
        onResumed: () => undefined,
        onCookie: () => undefined,
        onCookieRejected: () => undefined,
        onWritable: () => undefined,
        onClosed: () => undefined,
      },
    );
    const poison = { payloadProtocolId: 7, streamId: 0, data: textBytes('poison') };
    session.send(poison);
    session.open();
    await until(() => failovers.length >= 3);
    session.abort();
    failovers.length = 3; // without the message it goes on looking for an element
    expect(failovers.map(({ undelivered }) => undelivered)).toEqual([[poison], [poison], [poison]]);
    expect(failovers.map(({ notResent }) => notResent)).toEqual([[], [], [poison]]);
  },
);
