/*
 * The requests of etcd's gRPC interface that are measured, as HTTP/2 carries them: a byte for "not compressed", the length,
 * and the protocol buffer (etcd api/etcdserverpb/rpc.proto).
 */

/** RangeRequest for one key. @param serializable answered from the node's own state, without asking for a quorum */
export function rangeRequest(key: string, serializable: boolean): Buffer {
  return grpc(Buffer.concat([bytesField(1, key), serializable ? varintField(7, 1n) : Buffer.alloc(0)]));
}

/** PutRequest with a lease. */
export function putRequest(key: string, value: string, leaseId: bigint): Buffer {
  return grpc(Buffer.concat([bytesField(1, key), bytesField(2, value), varintField(3, leaseId)]));
}

function grpc(message: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

function bytesField(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(BigInt(bytes.length)), bytes]);
}

function varintField(number: number, value: bigint): Buffer {
  return Buffer.concat([Buffer.from([number << 3]), varint(value)]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
