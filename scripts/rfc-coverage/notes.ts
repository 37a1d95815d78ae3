/**
 * What is deliberately different or missing, by section; Markdown for a cell of a table. Each note repeats what comments and tests say
 * where it is done: whoever changes that corrects the note.
 */
export const notes: Readonly<Record<string, string>> = {
  '5352 2.1':
    'No SCTP yet. Pool elements register over TCP or TLS too, with [a framing of our own](tcp-framing.md); the RFC wants SCTP there. A registrar also takes ASAP over TCP without framing',
  '5352 2.2.1':
    'Addresses that are not those of the association are dropped; invalid values when none is left (`checkAddresses`)',
  '5352 2.2.5':
    "RSPLIB's Handle Resolution Option (0x803f) may name a number of items. Updates: at most one in 200 ms",
  '5352 2.2.6':
    'Sent with the overall policy also when that is Round Robin. Received without elements and without an error: a pool that has no element',
  '5352 2.2.7': 'Profile `rsplib` adds the PE identifier',
  '5352 2.2.10':
    'Profile `rsplib` lists no transports. An announce without: the port that it was sent from is tried beside the registered one',
  '5352 3.1':
    'An element names its ASAP transport, for nobody listens behind the port that a TCP connection comes from; it is kept when it lies at the addresses of the association. Another association that claims a registered element is accepted when the first one does not answer a keep-alive. After MAX-REG-ATTEMPT failures the application is told, but the element goes on, not faster than every RETRAN-MAX',
  '5352 3.2':
    'Given up after two T3-deregistrations: the registration then ends with its life. An element whose home is another registrar is claimed first, because peers obey nobody but the home',
  '5352 3.3':
    'A response has at most `resolutionItems` elements (128), and what fits a message; the RFC says all. Resolutions above a rate are rejected',
  '5352 3.4':
    'Sent every 5 s by default. An element whose association is lost is called, and removed when it is not back in time',
  '5352 3.5':
    'Reports above a rate are ignored, and an element is asked for a report at most once a second; the RFC says immediately. Only a registration resets the count of reports. A reported element of a peer is asked too, but removed from the own copy only: its home decides',
  '5352 3.6':
    'Configured and announced registrars are tried in turn, in random order. Waits of our own where the RFC names none',
  '5352 3.7.1': 'The request is kept and sent again to the next home registrar',
  '5352 3.8':
    'Signed with HMAC-SHA-256 and optionally encrypted with AES-256-GCM by a key of the pool, but only where `cookies` has keys: the default is the plain state, which RSPLIB can read. A user that echoes an older cookie than before is refused',
  '5352 3.9':
    "Received cards give the order of failover (BC2), and their pool is resolved where the cache has no entry (BC1); an entry is not changed by a card. Cards of other pools than the session's are ignored. Elements send one only where told to (`recommend`), pool users never",
  '5352 5': 'SCTP comes next; the framing over TCP carries payload protocol identifiers as well',
  '5352 6.1': 'A pool handle is any bytes, not a fixed-length string',
  '5352 6.3': 'None: the cache is filled by resolving (`staleCacheMs`)',
  '5352 6.4': 'None: entries go stale, and make room for others',
  '5352 6.5.1': 'A session keeps its element until that fails; it does not choose one for each message',
  '5352 6.5.2.1': 'By session, not by message: see RFC 5356 section 4.1',
  '5352 6.5.3': 'None: a session knows its element by itself',
  '5352 6.5.4': 'None: applications may open such connections themselves',
  '5352 6.5.5':
    '`resend` of a session is ASAP_SEND_FAILOVER, off by default (ASAP_SEND_NO_FAILOVER); ASAP_SEND_TO_LAST is what a session does. No ASAP_SEND_TO_ALL, ASAP_SEND_TO_SELF, ASAP_SCTP_UNORDER',
  '5352 6.6':
    'The sender is the element of the session (`state.element`), or the address of the user (`peer`)',
  '5352 6.9.2': 'Failures of sessions are reported by themselves',
  '5352 7.1':
    'T1-ENRPrequest is 5 s in `rserpool`, the RFC has 15 s. T4-reregistration: half of the life where 20 s less would leave less than that',
  '5352 7.2': '0 by default: the registrar is asked each time',
  '5352 7.3': 'MAX-REG-ATTEMPT tells the application and does not stop the element',
  '5352 8.2': 'ASAP over UDP is used for announces only',
  '5352 8.4': 'The IPv4 group by default; others, IPv6 too, by option',
  '5352 9.2':
    "TLS 1.2 and 1.3 with Node's cipher suites. TLS_RSA_WITH_AES_128_CBC_SHA is among them with RSA certificates, not with pre-shared keys, which have (EC)DHE-PSK and PSK suites with AES; no 3DES.",
  '5352 9.3': 'A registrar with TLS takes no association without, so nobody gets an error message there',
  '5353 2.4': "The T flag of RSPLIB's takeover suggestion (off by default)",
  '5353 3.1':
    'Over TCP or TLS. Announcements go to each peer on its association; only presences are also sent by multicast',
  '5353 3.2.2.1':
    'With multicast a starting registrar listens 3 s for a mentor. Of registrars that start at the same time and refuse each other, the one with the highest identifier goes on alone',
  '5353 3.2.2.2':
    'Asked again after 300 ms, the RFC says a few seconds. Lists are also asked for from new peers, and from a random one every 30 s. Only peers that live are listed',
  '5353 3.2.3': 'What a mentor sent before it died is kept',
  '5353 3.3.1': 'Two registrations that crossed: the registrar with the higher identifier keeps the element',
  '5353 3.3.2': 'Accepted from the home of the element only',
  '5353 3.4.1': 'A registrar that is heard by multicast becomes a peer when it answers on an association',
  '5353 3.4.2': 'Varied by 12.5 %',
  '5353 3.4.3':
    'The loss of the last association makes a peer suspect at once. The question is repeated while an answer is awaited',
  '5353 3.5.1':
    'Beyond the RFC, so that no takeover hangs: who dies meanwhile is not awaited, nor who does not answer three times (RSPLIB, whose order of identifiers is reversed); who gave way watches the target again after 10 s',
  '5353 3.5.2': 'Elements that do not answer the keep-alive are removed; 1,000 are called at a time',
  '5353 3.6.1':
    'The second checksum in a row that differs counts, since an update may be on its way on another association. A new peer, and one to which an association was lost, is loaded whatever its checksum',
  '5353 3.6.3':
    'A resynchronisation that is not finished removes nothing. One that does not help is put off, up to four heartbeats',
  '5353 4.2': 'Defaults are 2, 5 and 2.5 s, the RFC has 30, 61 and 5 s: those are `rfcTimers`',
  '5353 6.2': 'See RFC 5352 section 9.2',
  '5353 6.3': 'See RFC 5352 section 9.3',
  '5354 3': 'A known parameter where it does not belong is an invalid value, whatever its action bits',
  '5354 3.3': 'Registered and resolved, but no session can be opened to it',
  '5354 3.4': 'At most 64 addresses. Sessions and control traffic wait for the SCTP transport',
  '5354 3.5':
    'The reserved field carries the Transport Use, as RSPLIB has it: our framing has a control channel',
  '5354 3.6': 'Registered and resolved, but no session can be opened to it',
  '5354 3.7': 'Registered and resolved, but no session can be opened to it',
  '5354 3.9': 'Registrars take 256 bytes by default; RSPLIB takes 32',
  '5354 3.10': 'Profile `rsplib` has unsigned milliseconds for the life',
  '5354 3.11': 'A TCP transport is taken and sent as well',
  '5354 3.12':
    "RSPLIB's own causes are known; under profile `rsplib` causes 4 and 7 go out as its 0xf002 and 0x100a",
  '5354 3.12.2': 'At most 16 parameters of a message are reported',
  '5354 3.12.6': 'Profile `rsplib` leaves the policy out',
  '5354 3.12.8': 'Profile `rsplib` leaves the transport out',
  '5354 3.16': 'Registered and resolved, but no session can be opened to it',
  '5354 4': 'Profile `rsplib` counts the padding at the end of a message into its length',
  '5356 5.2.2':
    'RSPLIB counts only the first of the elements returned; `increments` of the handlespace does that',
  '5356 5.4.2':
    'A fully loaded element still has the smallest weight, as in RSPLIB: where all are, the formula would be 0 / 0',
  '5356 7.1': "Beside these RSPLIB's private types, and an application's own from 0x80000000 on",
};
