const colon = 0x3a;
const dot = 0x2e;

/** The value of a dotted decimal IPv4 address that starts at a position and ends with the text; -1 where there is none. */
export function parseIpv4(text: string, start = 0): number {
  let address = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      if (digits === 0 || ++dots > 3) return -1;
      address = address * 256 + octet;
      octet = digits = 0;
    } else {
      const digit = code - 0x30;
      if (digit < 0 || digit > 9 || (digits > 0 && octet === 0)) return -1;
      octet = octet * 10 + digit;
      digits++;
      if (octet > 255) return -1;
    }
  }
  return dots === 3 && digits > 0 ? address * 256 + octet : -1;
}

/** Sets the eight groups of an IPv6 address in the forms of RFC 4291 section 2.2; false where the text is none. */
export function parseIpv6(text: string, groups: Uint16Array): boolean {
  let count = 0;
  let gap = text.startsWith('::') ? 0 : -1; // how many groups come before the '::'
  let at = gap === 0 ? 2 : 0;
  while (at < text.length && count < 8) {
    let end = at;
    while (end < text.length && text.charCodeAt(end) !== colon && text.charCodeAt(end) !== dot) end++;
    if (text.charCodeAt(end) === dot) {
      const ipv4 = parseIpv4(text, at);
      if (ipv4 < 0 || count > 6) return false;
      groups[count++] = ipv4 / 0x10000;
      groups[count++] = ipv4 % 0x10000;
      at = text.length;
      break;
    }
    const group = parseGroup(text, at, end);
    if (group < 0) return false;
    groups[count++] = group;
    at = end + 1;
    if (end === text.length) break;
    if (text.charCodeAt(at) === colon) {
      if (gap >= 0) return false;
      gap = count;
      at++;
    } else if (at === text.length) return false;
  }
  if (at < text.length || (gap < 0 ? count < 8 : count > 7)) return false;
  if (gap >= 0) {
    groups.copyWithin(8 - (count - gap), gap, count);
    groups.fill(0, gap, 8 - (count - gap));
  }
  return true;
}

/** IPv6 as RFC 5952 section 4 writes it: lower case, the first longest run of two or more zero groups as '::'. */
export function formatIpv6(groups: Uint16Array): string {
  let gap = -1;
  let gapLength = 1;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > gapLength) {
      gap = start;
      gapLength = end - start;
    }
    start = end;
  }
  let text = '';
  for (let index = 0; index < 8; index++) {
    if (index === gap) {
      text += '::';
      index += gapLength - 1;
    } else {
      if (index > 0 && index !== gap + gapLength) text += ':';
      text += (groups[index] ?? 0).toString(16);
    }
  }
  return text;
}

/** Whether the groups are an IPv4-mapped address (RFC 4291 section 2.5.5.2). */
export function isIpv4Mapped(groups: Uint16Array): boolean {
  for (let index = 0; index < 5; index++) if (groups[index] !== 0) return false;
  return groups[5] === 0xffff;
}

function parseGroup(text: string, start: number, end: number): number {
  if (end === start || end - start > 4) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
