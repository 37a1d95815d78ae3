import type { ParameterWriter } from '../parameters/parameter-writer.ts';

/** The two words that every ENRP message starts with (RFC 5353 section 2.1). */
export interface EnrpHeader {
  readonly senderId: number;
  /** 0 when sent to all. */
  readonly receiverId: number;
}

export function writeEnrpHeader(writer: ParameterWriter, header: EnrpHeader): void {
  writer.u32(header.senderId);
  writer.u32(header.receiverId);
}
