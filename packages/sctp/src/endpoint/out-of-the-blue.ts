import { abortSizeBytes, writeAbort } from '../chunks/abort.ts';
import { ChunkType } from '../chunks/chunk-type.ts';
import { decodeError } from '../chunks/error.ts';
import { MalformedChunk } from '../chunks/malformed.ts';
import { shutdownCompleteSizeBytes, writeShutdownComplete } from '../chunks/shutdown-complete.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { isUnicast } from './address-scope.ts';
import type { PathAddress } from './packet-link.ts';
import type { StatelessReply } from './stateless-reply.ts';

/** Answers a packet that belongs to no association (RFC 9260 section 8.4). INIT and COOKIE ECHO have been seen to. */
export function answerOutOfTheBlue(
  packet: PacketReader,
  localAddress: string,
  from: PathAddress,
  reply: StatelessReply,
): void {
  if (!isUnicast(from.address)) return;
  const { verificationTag } = packet;
  const kind = kindOf(packet);
  if (kind === 'silent') return;
  if (kind === 'shutdown-ack') {
    reply.send(packet, localAddress, from, verificationTag, shutdownCompleteSizeBytes, (answer) =>
      writeShutdownComplete(answer, { tagIsReflected: true }),
    );
    return;
  }
  const abort = { tagIsReflected: true, causes: [] };
  reply.send(packet, localAddress, from, verificationTag, abortSizeBytes(abort), (answer) =>
    writeAbort(answer, abort),
  );
}

/** What a packet out of the blue is answered with: all of its chunks count. */
export function kindOf(packet: PacketReader): 'silent' | 'shutdown-ack' | 'other' {
  const types = new Set<number>();
  let isStaleCookie = false;
  packet.rewind();
  while (packet.next()) {
    types.add(packet.type);
    isStaleCookie ||= isSilentError(packet);
  }
  if (types.size === 0 || types.has(ChunkType.abort)) return 'silent';
  if (types.has(ChunkType.shutdownAck)) return 'shutdown-ack';
  const isEnd = types.has(ChunkType.shutdownComplete) || types.has(ChunkType.cookieAck) || isStaleCookie;
  return isEnd ? 'silent' : 'other';
}

function isSilentError(packet: PacketReader): boolean {
  if (packet.type !== ChunkType.error) return false;
  try {
    return decodeError(packet).causes.some(({ code }) => code === 'stale-cookie');
  } catch (thrown) {
    if (thrown instanceof MalformedChunk) return true;
    throw thrown;
  }
}
