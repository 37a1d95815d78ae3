/** A packet as the capture file holds it. */
export interface CapturedPacket {
  /** Number of the packet in the file from 1, as Wireshark counts. */
  readonly frame: number;
  /** Nanoseconds since 1970-01-01 UTC; undefined where the file does not say. */
  readonly timeNs: bigint | undefined;
  /** LINKTYPE_ number (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** What was captured of it, from its link layer header on: a view into the file. */
  readonly data: Uint8Array;
}
