/** Turns a table of codes by name into one of names by code. */
export function namesByCode<Codes extends Readonly<Record<string, number>>>(
  codes: Codes,
): ReadonlyMap<number, Extract<keyof Codes, string>> {
  const names = new Map<number, Extract<keyof Codes, string>>();
  for (const name in codes) names.set(codes[name] ?? 0, name);
  return names;
}
