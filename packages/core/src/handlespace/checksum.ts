/**
 * Sum of the 16-bit words of a byte string that has one character for each byte, padded with a zero byte where odd. Padding
 * to 32 bits, as RFC 5353 section 3.6.2 asks for, adds nothing more.
 */
export function wordSum(bytes: string): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index++)
    sum += bytes.charCodeAt(index) << (index % 2 === 0 ? 8 : 0);
  return sum;
}

/**
 * The Internet checksum (RFC 1071) of data whose 16-bit words add up to `sum`, a whole number of any size: folding carries
 * in is the remainder by 0xffff, but that only a sum of 0 folds to 0.
 */
export function internetChecksum(sum: number): number {
  const folded = sum === 0 ? 0 : ((sum - 1) % 0xffff) + 1;
  return 0xffff - folded;
}
