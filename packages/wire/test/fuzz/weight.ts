/** How much a decoded value holds: one for each object, field and number, and one for each character and byte. */
export function weight(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length;
  if (value instanceof Uint8Array) return 1 + value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const field of Object.values(value)) sum += weight(field);
  return sum;
}
