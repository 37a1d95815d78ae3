import type { Standing } from '../asap/element-monitor.ts';

/** A peer says that it owns an element that this registrar owns. */
export interface Claim {
  readonly claimantId: number;
  /**
   * `update`: it has just taken the element, by a registration or because the element answered; `table`: an entry of its handle
   * table, which may be older than what this registrar sent meanwhile.
   */
  readonly kind: 'update' | 'table';
}

/** `yield`: the claimant owns it; `insist`: tell everybody that it is here, and call the element; `wait`: do nothing. */
export type ClaimVerdict = 'yield' | 'insist' | 'wait';

/**
 * Which of two registrars keeps an element, after a partition or when the element moved. The RFCs leave it open. Both decide by
 * themselves, and must come to the same end:
 *
 * - Who announces an element by an update has it from then on, so an element may move as it likes (RFC 5353 section 3.3.1, rule
 *   3). Only when both registered it within the time that their updates may have crossed, the higher identifier keeps it.
 * - Nobody gives up an element for a table alone when it can reach the element. If both can, the higher identifier insists,
 *   by an update, and the lower one then yields. If neither can, the lower one yields.
 *
 * "Can reach" is a confirmed standing. A registrar whose standing is not confirmed yet is still searching the element, and
 * either confirms it or removes it soon.
 */
export function judgeClaim(
  claim: Claim,
  ownId: number,
  standing: Standing,
  nowMs: number,
  crossingClaimsMs: number,
): ClaimVerdict {
  const isHigher = ownId > claim.claimantId;
  if (claim.kind === 'update') {
    const mayHaveCrossed = nowMs - standing.registeredAtMs < crossingClaimsMs;
    return standing.confirmed && mayHaveCrossed && isHigher ? 'insist' : 'yield';
  }
  if (standing.confirmed) return isHigher ? 'insist' : 'wait';
  return isHigher ? 'wait' : 'yield';
}
