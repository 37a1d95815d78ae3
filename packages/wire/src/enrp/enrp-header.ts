/** The two words that every ENRP message starts with (RFC 5353 section 2.1). */
export interface EnrpHeader {
  readonly senderId: number;
  /** 0 when sent to all. */
  readonly receiverId: number;
}
