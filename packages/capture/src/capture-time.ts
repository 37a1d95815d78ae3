const nsPerSecond = 1_000_000_000n;
/** The range of Date: 100,000,000 days to both sides of 1970. */
const maxSeconds = 8_640_000_000_000n;

/** A time as ISO 8601 text with nanoseconds, in UTC; undefined where there is none, or where no calendar reaches it. */
export function isoTime(timeNs: bigint | undefined): string | undefined {
  if (timeNs === undefined) return undefined;
  const fractionNs = ((timeNs % nsPerSecond) + nsPerSecond) % nsPerSecond;
  const seconds = (timeNs - fractionNs) / nsPerSecond;
  if (seconds > maxSeconds || seconds < -maxSeconds) return undefined;
  const wholeSeconds = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${wholeSeconds}.${fractionNs.toString().padStart(9, '0')}Z`;
}
