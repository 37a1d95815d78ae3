import type { PathAddress } from '../endpoint/packet-link.ts';
import type { ProtocolParameters } from '../endpoint/protocol-parameters.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import { commonHeaderBytes } from '../packet/packet-layout.ts';
import { Alarm } from './alarm.ts';
import type { PathState, PathStatus } from './association-status.ts';
import { CongestionWindow } from './congestion-window.ts';
import { RetransmissionTimeout } from './retransmission-timeout.ts';

/** A HEARTBEAT that has not been answered. */
export interface PendingHeartbeat {
  readonly nonceHigh: number;
  readonly nonceLow: number;
  readonly sentAtMs: number;
}

export interface PathAlarms {
  readonly retransmission: (path: Path) => void;
  readonly heartbeat: (path: Path) => void;
}

/** One destination address of the peer, with everything that RFC 9260 keeps for each. */
export class Path implements PathAddress {
  readonly address: string;
  /** Learned anew from each packet of the peer (RFC 6951 section 5.4). */
  udpPort: number;
  localAddress: string;
  state: PathState;
  maxPacketBytes: number;
  readonly timeout: RetransmissionTimeout;
  readonly congestion: CongestionWindow;
  /** T3-rtx. */
  readonly retransmissionAlarm: Alarm;
  readonly heartbeatAlarm: Alarm;
  heartbeat: PendingHeartbeat | undefined;
  /** Of DATA chunks on their way. */
  flightBytes = 0;
  errorCount = 0;
  /** After T3-rtx only one packet may be on its way until something is acknowledged (section 7.2.3). */
  onePacketOnly = false;
  /** A DATA chunk is on its way whose acknowledgement is a measurement (section 6.3.1, C4). */
  isTiming = false;
  /** Counts packets with DATA: the order of transmissions, by which lost retransmissions are found. */
  packetNumber = 0;
  lastDataSentAtMs: number;
  /** Of a chunk that was sent for the first time: one whose acknowledgement tells of the path (section 8.3). */
  lastNewDataSentAtMs: number;
  /** While a SACK chunk is processed. */
  ackedBytes = 0;
  flightBytesBeforeSack = 0;
  /** It has acknowledged a chunk that was sent on this path alone. */
  hasAnswered = false;
  /** The earliest outstanding chunk of the path was acknowledged: T3-rtx starts anew (section 6.3.2, R3). */
  retransmissionIsStale = false;
  /** The latest packet of which a SACK chunk has acknowledged a chunk that was sent only once. */
  highestAckedPacket = 0;

  constructor(
    host: SctpHost,
    remote: PathAddress,
    localAddress: string,
    maxPacketBytes: number,
    parameters: ProtocolParameters,
    alarms: PathAlarms,
  ) {
    this.address = remote.address;
    this.udpPort = remote.udpPort;
    this.localAddress = localAddress;
    this.state = 'unconfirmed';
    this.maxPacketBytes = maxPacketBytes;
    this.timeout = new RetransmissionTimeout(parameters);
    this.congestion = new CongestionWindow(maxPacketBytes - commonHeaderBytes, remote.address.includes(':'));
    this.retransmissionAlarm = new Alarm(host, () => alarms.retransmission(this));
    this.heartbeatAlarm = new Alarm(host, () => alarms.heartbeat(this));
    this.lastDataSentAtMs = host.nowMs();
    this.lastNewDataSentAtMs = this.lastDataSentAtMs;
  }

  /** Whether the congestion window lets another packet out (section 6.1, rule B). */
  get hasRoom(): boolean {
    return this.onePacketOnly ? this.flightBytes === 0 : this.flightBytes < this.congestion.windowBytes;
  }

  end(): void {
    this.retransmissionAlarm.end();
    this.heartbeatAlarm.end();
  }

  status(isPrimary: boolean): PathStatus {
    return {
      address: this.address,
      udpPort: this.udpPort,
      localAddress: this.localAddress,
      state: this.state,
      isPrimary,
      smoothedRoundTripTimeMs: this.timeout.smoothedRoundTripTimeMs,
      rtoMs: this.timeout.timeoutMs,
      congestionWindowBytes: this.congestion.windowBytes,
      slowStartThresholdBytes: this.congestion.slowStartThresholdBytes,
      flightBytes: this.flightBytes,
      errorCount: this.errorCount,
      maxPacketBytes: this.maxPacketBytes,
    };
  }
}
