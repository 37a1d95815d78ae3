/**
 * How a peer speaks: by the RFCs, or as RSPLIB does. Sending follows the profile of the peer; receiving accepts both.
 * Every difference between the two stands in one table (see `deviations.ts`).
 */
export type Profile = 'rfc' | 'rsplib';
