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

/** The whole packet counts: an ABORT anywhere in it silences us. */
function kindOf(packet: PacketReader): 'silent' | 'shutdown-ack' | 'other' {
  packet.rewind();
  let kind: 'shutdown-ack' | 'other' = 'other';
  let isFirst = true;
  while (packet.next()) {
    if (packet.type === ChunkType.abort || isSilentError(packet)) return 'silent';
    if (packet.type === ChunkType.shutdownComplete || packet.type === ChunkType.cookieAck) return 'silent';
    if (isFirst && packet.type === ChunkType.shutdownAck) kind = 'shutdown-ack';
    isFirst = false;
  }
  return isFirst ? 'silent' : kind;
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
