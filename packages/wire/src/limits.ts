/**
 * The limits of the codec. Two more follow from the format and need no number: parameters nest at most four deep, because
 * each decoder knows what may stand inside (a message, a Pool Element, a transport, an address), and what is decoded is
 * never larger than a constant times the bytes.
 */

/** Largest message or parameter: its length has 16 bits (RFC 5354 sections 3 and 4). */
export const maxMessageBytes = 65_535;

/** Most addresses in an SCTP Transport parameter. The RFC names no limit; RSPLIB keeps 64. */
export const maxAddressesPerTransport = 64;

/** Most unrecognized parameters of one message that are reported; the others are skipped in silence. */
export const maxReportedParameters = 16;

/** Most bytes of error causes about one message, so that the report fits an ENRP_ERROR: 12 bytes of header, 4 of Operation Error. */
export const maxReportBytes = maxMessageBytes - 12 - 4 - 3;
