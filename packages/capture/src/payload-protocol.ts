/** The protocols whose messages a capture can hold; 'data' is what an application exchanges in a format of its own. */
export type CaptureProtocol =
  'asap' | 'enrp' | 'fractal' | 'ping-pong' | 'calcapp' | 'scripting' | 'component-status' | 'data';

/** SCTP payload protocol identifiers: IANA's, and those that RSPLIB used before it had them. */
const protocols: ReadonlyMap<number, CaptureProtocol> = new Map([
  [11, 'asap'],
  [12, 'enrp'],
  [32, 'fractal'],
  [33, 'ping-pong'],
  [34, 'calcapp'],
  [35, 'scripting'],
  [0xfaeeb5d1, 'asap'],
  [0xfaeeb5d2, 'enrp'],
  [0x29097601, 'fractal'],
  [0x29097602, 'ping-pong'],
  [0x29097603, 'calcapp'],
  [0x29097604, 'scripting'],
]);

/** The protocol that a payload protocol identifier stands for. */
export function payloadProtocol(payloadProtocolId: number): CaptureProtocol {
  return protocols.get(payloadProtocolId) ?? 'data';
}
