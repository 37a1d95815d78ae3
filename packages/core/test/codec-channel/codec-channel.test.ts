import { describe, expect, it } from 'vitest';
import type { Association, Channel, DownReason, Host, Message, MessageCodec } from '@rserpool/core';
import {
  asapCodec,
  associationAcceptor,
  channelConnector,
  codecChannelDefaults,
  enrpCodec,
} from '@rserpool/core';
import { VirtualClock, VirtualHost, VirtualNetwork, VirtualTransport } from '@rserpool/testkit';
import { CauseCode, decodeAsap, decodeEnrp, encodeAsap, encodeEnrp, poolHandle } from '@rserpool/wire';
import type { AsapMessage, EnrpMessage, MessageTransport, Profile } from '@rserpool/wire';

const local: MessageTransport = { protocol: 'sctp', port: 0, use: 'data', addresses: ['server'] };

/** A channel of the codec at a server, and a bare association to it. */
async function connected<M>(codec: MessageCodec<M>, profile: Profile = 'rfc') {
  const clock = new VirtualClock(1);
  const network = new VirtualNetwork(clock, { delay: { minMs: 1, maxMs: 1 } });
  const transport = new VirtualTransport();
  const host: Host = new VirtualHost(clock, 'server');
  const engine: { channel?: Channel<M>; readonly received: M[]; down?: DownReason } = { received: [] };
  const options = { ...codecChannelDefaults, host, profile };
  const accept = associationAcceptor<M>(
    (channel) => {
      engine.channel = channel;
      return {
        onUp: () => undefined,
        onMessage: (message) => void engine.received.push(message),
        onDown: (reason) => (engine.down = reason),
      };
    },
    codec,
    options,
  );
  const endpoint = await transport.port(network.node('server')).listen(local, accept);
  const answers: Message[] = [];
  const peer: Association = transport.port(network.node('client')).connect(endpoint.local, {
    onUp: () => undefined,
    onMessage: (message) => void answers.push(message),
    onWritable: () => undefined,
    onDown: () => undefined,
  });
  const say = (data: Uint8Array, payloadProtocolId = codec.payloadProtocolId): void => {
    peer.send({ payloadProtocolId, streamId: 0, data });
    clock.runFor(10);
  };
  clock.runFor(10);
  return { clock, engine, answers, say };
}

const unknownMessage = Uint8Array.of(0x7f, 0, 0, 4); // action bits 01: report (RFC 5354 section 4)
const keepAlive = (elementId?: number): AsapMessage => ({
  type: 'endpoint-keep-alive',
  home: false,
  registrarId: 1,
  poolHandle: poolHandle('EchoPool'),
  ...(elementId === undefined ? {} : { elementId }),
});

describe('codec channel', () => {
  it('takes and sends typed messages', async () => {
    const { clock, engine, answers, say } = await connected(asapCodec);
    say(encodeAsap(keepAlive(), 'rfc'));
    expect(engine.received).toEqual([keepAlive()]);
    engine.channel?.send({
      type: 'endpoint-keep-alive-ack',
      poolHandle: poolHandle('EchoPool'),
      elementId: 7,
    });
    clock.runFor(10);
    expect(answers.map(({ data }) => decodeAsap(data))).toMatchObject([
      { ok: true, message: { elementId: 7 } },
    ]);
    expect(answers[0]?.payloadProtocolId).toBe(11);
  });

  it('answers an unknown message with ASAP_ERROR (RFC 5352 section 2.2.14)', async () => {
    const { answers, say, engine } = await connected(asapCodec);
    say(unknownMessage);
    expect(answers.map(({ data }) => decodeAsap(data))).toMatchObject([
      { message: { type: 'error', causes: [{ code: CauseCode.unrecognizedMessage, data: unknownMessage }] } },
    ]);
    expect(engine.received).toEqual([]);
  });

  it('answers an unknown message with ENRP_ERROR, which names its sender (RFC 5353 sections 2.10 and 3.7)', async () => {
    const { answers, say } = await connected(enrpCodec(0x99));
    say(unknownMessage);
    expect(answers.map(({ data }) => decodeEnrp(data))).toMatchObject([
      { message: { type: 'error', senderId: 0x99, causes: [{ code: CauseCode.unrecognizedMessage }] } },
    ]);
  });

  it('takes a message with an unknown parameter that is to be skipped, and reports it (RFC 5353 section 3.7)', async () => {
    const { answers, engine, say } = await connected(asapCodec);
    const message = encodeAsap(keepAlive(), 'rfc');
    const parameter = Uint8Array.of(0xc0, 0x99, 0, 4); // action bits 11: skip and report (RFC 5354 section 3)
    const extended = Uint8Array.from([...message, ...parameter]);
    extended[3] = extended.length;
    say(extended);
    expect(engine.received).toEqual([keepAlive()]);
    expect(answers.map(({ data }) => decodeAsap(data))).toMatchObject([
      { message: { type: 'error', causes: [{ code: CauseCode.unrecognizedParameter, data: parameter }] } },
    ]);
  });

  it('does not answer errors with errors', async () => {
    const { answers, say } = await connected(asapCodec);
    say(Uint8Array.of(0x0e, 0, 0, 8, 0x40, 0x99, 0, 4));
    expect(answers).toEqual([]);
  });

  it('aborts the association after as many undecodable messages as the limit says', async () => {
    const { engine, say } = await connected(asapCodec);
    for (let count = 1; count < codecChannelDefaults.maxUndecodableMessages; count++) say(unknownMessage);
    expect(engine.down).toBeUndefined();
    say(unknownMessage);
    expect(engine.down).toBe('aborted');
  });

  it('aborts on another payload protocol identifier', async () => {
    const { engine, say } = await connected(asapCodec);
    say(encodeAsap(keepAlive(), 'rfc'), 12);
    expect(engine.down).toBe('aborted');
    expect(engine.received).toEqual([]);
  });

  it('follows the profile that the peer shows', async () => {
    const { clock, engine, answers, say } = await connected(asapCodec, 'rfc');
    say(encodeAsap(keepAlive(7), 'rsplib')); // only RSPLIB names the element
    engine.channel?.send(keepAlive(7));
    clock.runFor(10);
    expect(answers[0]?.data).toEqual(encodeAsap(keepAlive(7), 'rsplib'));
  });

  it('costs the association, not the process, when a message is too long for its length field', async () => {
    const { clock, engine } = await connected(asapCodec);
    engine.channel?.send({ type: 'cookie', cookie: new Uint8Array(70_000) });
    clock.runFor(10);
    expect(engine.down).toBe('aborted');
  });

  it('opens channels as well: what is sent before the association is up follows', async () => {
    const clock = new VirtualClock(1);
    const network = new VirtualNetwork(clock, { delay: { minMs: 1, maxMs: 1 } });
    const transport = new VirtualTransport();
    const received: Message[] = [];
    const endpoint = await transport.port(network.node('server')).listen(local, () => ({
      onUp: () => undefined,
      onMessage: (message) => void received.push(message),
      onWritable: () => undefined,
      onDown: () => undefined,
    }));
    const port = transport.port(network.node('client'));
    const options = { ...codecChannelDefaults, host: new VirtualHost(clock, 'client') };
    const events: string[] = [];
    const connect = channelConnector((remote, handler) => port.connect(remote, handler), asapCodec, options);
    const channel = connect(endpoint.local, {
      onUp: () => void events.push('up'),
      onMessage: () => undefined,
      onDown: (reason) => void events.push(reason),
    });
    channel.send(keepAlive());
    clock.runFor(10);
    channel.close();
    clock.runFor(100);
    expect(events).toEqual(['up', 'closed']);
    expect(received.map(({ data }) => decodeAsap(data))).toMatchObject([{ ok: true, message: keepAlive() }]);
  });

  it('encodes what goes to several peers in turn once for each profile', () => {
    const codec = enrpCodec(1);
    const request = (senderId: number): EnrpMessage => ({ type: 'list-request', senderId, receiverId: 0 });
    const [first, second] = [request(1), request(2)];
    const bytes = codec.encode(first, 'rfc');
    expect(codec.encode(first, 'rfc')).toBe(bytes);
    expect(bytes).toEqual(encodeEnrp(first, 'rfc'));
    expect(codec.encode(second, 'rfc')).toEqual(encodeEnrp(second, 'rfc'));
    const presence: EnrpMessage = { ...first, type: 'presence', replyRequired: false, checksum: 1 };
    for (const profile of ['rfc', 'rsplib'] as const)
      expect(codec.encode(presence, profile)).toEqual(encodeEnrp(presence, profile));
  });
});
