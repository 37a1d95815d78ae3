/**
 * What is deliberately different or missing, by section; Markdown for a cell of a table. Each note repeats what comments and tests say
 * where it is done: whoever changes that corrects the note.
 */
export const sctpNotes: Readonly<Record<string, string>> = {
  '9260 3.2':
    'ECNE and CWR are unknown chunks: there is no ECN. FORWARD TSN, RE-CONFIG and ASCONF are unknown where no extension for them is given to the endpoint. An unknown chunk is reported up to 256 bytes of it, each in an ERROR chunk of its own',
  '9260 3.2.2': 'Up to 16 parameters of together 512 bytes are reported',
  '9260 3.3.2.1.3': 'Granted up to twice Valid.Cookie.Life',
  '9260 3.3.2.1.5':
    'Sent, and ignored when received: addresses that none of ours can reach are no paths anyhow',
  '9260 3.3.4': 'Of a received SACK chunk at most 1,024 blocks and 1,024 duplicates are read',
  '9260 5.1':
    'No DATA is bundled with COOKIE ECHO or COOKIE ACK. COOKIE ECHO goes only to addresses that the application has named. There is one T1 timer, not one for each address; INIT and COOKIE ECHO take turns with the addresses',
  '9260 5.1.3':
    'HMAC-SHA-256. The key changes every two cookie lives while INITs come; the one before stays valid',
  '9260 5.2.2':
    'INIT ACK offers the streams of the endpoint, not those of the association. With `maxPeerAddresses` known addresses, further ones in an INIT are not new, but its source must be known',
  '9260 5.2.4':
    'Action B for an association that is up is taken for a restart: the peer has started anew while it was coming up, and TSNs would not match. `maxAssociations` holds for restarts too',
  '9260 5.2.6':
    'Alternative 3, up to Max.Init.Retransmits times; the extension is the RTT of the cookie and one second',
  '9260 5.4':
    'Rule 1 is stricter: addresses that the application has named are verified as well, but for that which the handshake has used. All addresses are asked at once (no HB.Max.Burst). One that does not answer stays unconfirmed, and is asked at the rate of heartbeats',
  '9260 6':
    'Partial reliability (RFC 3758), stream reset (RFC 6525) and dynamic addresses (RFC 5061, RFC 4895) are extensions, which are not part of this table',
  '9260 6.1':
    'At most 32,767 chunks are outstanding. Nagle’s algorithm is off by default (`noDelay`). A fast retransmission is not counted into Max.Burst',
  '9260 6.2':
    'When the window is full, nothing that was gap-acknowledged is dropped: what fills gaps is taken, up to as much again',
  '9260 6.2.1': 'C is left out: bytes marked for retransmission come back to rwnd with the next SACK chunk',
  '9260 6.3.1':
    'Beyond the RFC: an acknowledgement that measures nothing takes back half of a backing off, unless the peer reports duplicates. C5: a chunk that is acknowledged in a gap block is measured although one before it was sent again, since it did not wait for that',
  '9260 6.4': 'SACK chunks go where DATA came from last, if that is confirmed; not elsewhere for duplicates',
  '9260 6.4.1': 'The source address is changed as well after two failures in a row',
  '9260 6.8': 'And appendix A, in tables of 16 times 256 words',
  '9260 6.9':
    'No partial delivery: a message larger than `maxReceivedMessageBytes` or than the window aborts the association',
  '9260 7.2.2': 'Duplicates that the peer reports do not count as acknowledged bytes',
  '9260 7.2.4':
    'Beyond rule 5: a retransmission is lost again when three packets that were sent later on its path have arrived; the RFC leaves it to the timer',
  '9260 7.2.5.1': 'No code points can be set',
  '9260 7.2.5.2':
    'Routes are not watched. A change of the source address comes after timeouts, when the window is one packet: it stays that small',
  '9260 7.3':
    'Not implemented: the path MTU is what the link says (1,500 bytes of IP by default, an option of the UDP link), the smallest of all paths for DATA chunks. No probing, no ICMP',
  '9260 8.3':
    'An unanswered HEARTBEAT is repeated after the RTO, without HB.interval, until the path is inactive: failure is found sooner. The interval is of the association, not of a path. `heartbeatIntervalMs: 0` turns them off on active paths',
  '9260 8.4': 'At most `maxStatelessAnswersPerSecond` answers',
  '9260 9.1': 'A HEARTBEAT before an ABORT in the same packet is still answered',
  '9260 9.2':
    'T2-shutdown begins anew with packets that have DATA, not with any packet. A SACK chunk goes along where the window is news. In SHUTDOWN-ACK-SENT an ABORT with a reflected tag is the end in order',
  '9260 10':
    'Not implemented: UDP sockets of Node do not show ICMP messages, and raw sockets are not asked for them',
  '9260 11.1.1': '`new SctpEndpoint`, `SctpSocket.bind`',
  '9260 11.1.2': '`SctpEndpoint.connect`, `SctpSocket.connect`',
  '9260 11.1.3': '`close` of the association',
  '9260 11.1.4': '`abort` of the association, with a reason of at most 256 bytes',
  '9260 11.1.5':
    '`send`: stream, payload protocol identifier, order, the I bit. No life time without partial reliability (RFC 3758), no destination address for a message, bundling cannot be turned off',
  '9260 11.1.6': '`setPrimary`; the source address cannot be chosen',
  '9260 11.1.7': 'Pushed to `onMessage`, or by async iteration; the stream sequence number is not told',
  '9260 11.1.9': '`setParameters({ heartbeatIntervalMs })`, for all paths',
  '9260 11.1.10': '`requestHeartbeat`',
  '9260 11.1.11': '`roundTripTimeMs`, `status().paths`',
  '9260 11.1.12': '`setParameters({ pathMaxRetransmissions })`, for all paths',
  '9260 11.1.13': '`setParameters`',
  '9260 11.1.14': '`onDown` hands back all messages that were not wholly acknowledged, sent or not',
  '9260 11.1.15': 'See section 11.1.14',
  '9260 11.1.16': '`close` of the endpoint or socket',
  '9260 11.2.1': '`onMessage`',
  '9260 11.2.2': 'With `onDown`',
  '9260 11.2.3': '`onPathChange`',
  '9260 11.2.4': '`onUp`, and `accept` of the endpoint',
  '9260 11.2.5': '`onDown` with `unreachable`, `lost`, `aborted`',
  '9260 11.2.6': '`onPeerError`',
  '9260 11.2.7': '`onDown` with `restarted`; the new association is offered to `accept`',
  '9260 11.2.8': '`onDown` with `closed`',
  '9260 12.2.2': 'By the checksum only; no authentication of chunks (RFC 4895)',
  '9260 12.2.3': 'None',
  '9260 16': 'No HB.Max.Burst (see section 5.4)',
};
