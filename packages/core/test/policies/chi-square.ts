/**
 * Pearson's statistic of observed counts against expected probabilities, and the value that it exceeds with a probability of
 * one in a million where the counts are drawn with these probabilities (Wilson and Hilferty's approximation).
 */
export function chiSquare(
  counts: readonly number[],
  probabilities: readonly number[],
): { statistic: number; limit: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  let degrees = -1;
  for (const [index, probability] of probabilities.entries()) {
    const count = counts[index] ?? 0;
    if (probability === 0) {
      if (count > 0) statistic = Infinity;
      continue;
    }
    const expected = total * probability;
    statistic += (count - expected) ** 2 / expected;
    degrees++;
  }
  const oneInAMillion = 4.753; // quantile of the normal distribution
  const spread = 2 / (9 * degrees);
  return { statistic, limit: degrees * (1 - spread + oneInAMillion * Math.sqrt(spread)) ** 3 };
}
