/** Those of the options that are given and that an engine takes as they are; a copy, without undefined values. */
export function given<T extends object, K extends keyof T>(
  options: T,
  keys: readonly K[],
): Partial<Pick<T, K>> {
  const result: Partial<Pick<T, K>> = {};
  for (const key of keys) if (options[key] !== undefined) result[key] = options[key];
  return result;
}
