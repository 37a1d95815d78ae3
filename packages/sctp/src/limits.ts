/*
 * What a packet of a peer can make grow, at most. Beside these, whatever is decoded is bounded by the length of its chunk, which
 * has 16 bits.
 */

/** Gap Ack Blocks of a SACK chunk that are read; a packet of 1,500 bytes has room for 370. */
export const maxGapBlocks = 1_024;

/** Duplicate TSNs of a SACK chunk that are read. */
export const maxReportedDuplicates = 1_024;

/** Addresses of an INIT, INIT ACK chunk that are read; the others are as if they were not there. */
export const maxInitAddresses = 128;

/** Entries of Supported Address Types and Supported Extensions parameters that are read. */
export const maxListedTypes = 64;

/** Entries of a Chunk List parameter (RFC 4895 section 3.2 has this limit); with more the chunk is malformed. */
export const maxChunkListTypes = 256;

/** Entries of a Requested HMAC Algorithm parameter; with more the chunk is malformed. */
export const maxHmacAlgorithms = 64;

/** Unrecognized parameters of a chunk that are reported to the sender, and reports of its peer that are read; the others are passed over in silence. */
export const maxReportedParameters = 16;

/** Bytes that these have together, so that an INIT ACK chunk with them fits a packet. */
export const maxReportedParameterBytes = 512;

/** Error causes of an ABORT, ERROR, ASCONF-ACK chunk that are read. */
export const maxErrorCauses = 32;

/** Parameters of an ASCONF, ASCONF-ACK chunk that are read. */
export const maxAsconfParameters = 64;
