/*
 * An SCTP endpoint on top of usrsctp (Debian: libusrsctp-dev), as an independent peer for tests and benchmarks. One file, though a long
 * one, so that it is compiled by naming it:
 *
 *     cc -O2 usrsctp-peer.c -o usrsctp-peer -lusrsctp -lpthread
 *     usrsctp-peer --port 5001 --udp-port 9901 --address 127.0.0.1 [--address ...] [--listen] [--echo] [--verify] [PARAMETER VALUE ...]
 *
 * The port stands before the addresses. It obeys commands on standard input, one a line, and prints events on standard output, one JSON
 * object a line:
 *
 *     connect ADDRESS[,ADDRESS...] PORT UDP-PORT        then {"event":"up"} or {"event":"unreachable"}
 *     pace MICROSECONDS                                 between the messages of a send; 0 at first
 *     send COUNT BYTES STREAMS PPID [unordered]         waits until the peer has acknowledged all: {"event":"sent"}
 *     expect COUNT                                      starts to count anew: {"event":"expecting"}, then {"event":"received"} when
 *                                                       so many have come; gapEndMs is when the last gap of 90 ms ended, from the first message on
 *     status                                            {"event":"status"}
 *     open-many COUNT ADDRESS PORT UDP-PORT             as many associations, each from a socket and port of its own: {"event":"opened"}
 *     send-many COUNT BYTES                             on each of those, in turn: {"event":"sent"} when all is handed over
 *     shutdown | abort                                  of the association used last
 *     quit                                              ends, as the end of input does: {"event":"end"}
 *
 * Message number n (from 0 for each `send`) starts with n in four bytes, big-endian; its byte at position p >= 4 is (n + p) mod 256.
 * It goes to stream n mod STREAMS. A receiver that verifies counts what differs, what comes twice and what is out of order; it expects
 * numbers from 0 after each `expect`.
 *
 * usrsctp opens raw sockets besides its UDP socket wherever it may, so it gives up all capabilities first, and says whether
 * a raw socket could still be opened. Its UDP socket is bound to all addresses and the kernel chooses the source of each packet.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <usrsctp.h>

enum { max_message_bytes = 1 << 20, max_numbers = 1 << 20, max_streams = 1024, max_addresses = 8, max_sockets = 10000, max_opening = 64, least_gap_ms = 90 };

struct addresses {
    int count;
    size_t bytes; /* packed one behind the other, as bindx and connectx want them */
    char packed[max_addresses * sizeof(struct sockaddr_in6)];
};

static struct socket *endpoint;
static struct addresses local;
static bool echoes, verifies;
static unsigned pace_us;
static volatile sctp_assoc_t last_association;

/* Of the present measurement; only the receiving thread writes. */
static struct {
    double started_ms, cpu_started_ms, last_ms, gap_end_ms;
    unsigned long expected, messages, bytes, corrupt, duplicates, disordered, unordered;
    unsigned last_ppid;
    long last_of_stream[max_streams];
    unsigned char seen[max_numbers / 8];
} received;

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* One event; the lock keeps lines of two threads apart. */
static void say(const char *format, ...)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&lock);
    vprintf(format, arguments);
    putchar('\n');
    fflush(stdout);
    pthread_mutex_unlock(&lock);
    va_end(arguments);
}

static void fail(const char *what)
{
    fprintf(stderr, "usrsctp-peer: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void add_address(struct addresses *to, const char *text, unsigned short port)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    bool is_v4 = inet_pton(AF_INET, text, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, text, &v6.sin6_addr) != 1) {
        errno = EINVAL;
        fail(text);
    }
    if (to->count == max_addresses) return;
    memcpy(to->packed + to->bytes, is_v4 ? (void *)&v4 : (void *)&v6, is_v4 ? sizeof v4 : sizeof v6);
    to->bytes += is_v4 ? sizeof v4 : sizeof v6;
    to->count += 1;
}

static void option(int name, const void *value, size_t bytes)
{
    if (usrsctp_setsockopt(endpoint, IPPROTO_SCTP, name, value, (socklen_t)bytes) < 0) fail("setsockopt");
}

/* Protocol parameters for all associations; 0 is the default. Those of one struct are set together: they are checked together. */
static struct sctp_rtoinfo rto;
static struct sctp_paddrparams path;
static struct sctp_assocparams association;
static struct sctp_initmsg init;
static struct sctp_sack_info sack;
static int buffer_bytes;

/* false for an unknown name */
static bool read_parameter(const char *name, unsigned value)
{
    if (strcmp(name, "--rto-initial-ms") == 0) rto.srto_initial = value;
    else if (strcmp(name, "--rto-min-ms") == 0) rto.srto_min = value;
    else if (strcmp(name, "--rto-max-ms") == 0) rto.srto_max = value;
    else if (strcmp(name, "--heartbeat-ms") == 0) path.spp_hbinterval = value, path.spp_flags |= SPP_HB_ENABLE;
    else if (strcmp(name, "--path-retransmissions") == 0) path.spp_pathmaxrxt = (uint16_t)value;
    else if (strcmp(name, "--path-mtu") == 0) path.spp_pathmtu = value, path.spp_flags |= SPP_PMTUD_DISABLE;
    else if (strcmp(name, "--association-retransmissions") == 0) association.sasoc_asocmaxrxt = (uint16_t)value;
    else if (strcmp(name, "--sack-delay-ms") == 0) sack.sack_delay = value;
    else if (strcmp(name, "--streams") == 0) init.sinit_num_ostreams = init.sinit_max_instreams = (uint16_t)value;
    else if (strcmp(name, "--buffer-bytes") == 0) buffer_bytes = (int)value;
    else return false;
    return true;
}

static void set_parameters(void)
{
    option(SCTP_RTOINFO, &rto, sizeof rto);
    option(SCTP_PEER_ADDR_PARAMS, &path, sizeof path);
    option(SCTP_ASSOCINFO, &association, sizeof association);
    option(SCTP_INITMSG, &init, sizeof init);
    if (sack.sack_delay > 0) option(SCTP_DELAYED_SACK, &sack, sizeof sack);
    if (buffer_bytes == 0) return;
    if (usrsctp_setsockopt(endpoint, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes) < 0) fail("SO_RCVBUF");
    if (usrsctp_setsockopt(endpoint, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes) < 0) fail("SO_SNDBUF");
}

static const char *association_event(unsigned state)
{
    switch (state) {
    case SCTP_COMM_UP: return "up";
    case SCTP_COMM_LOST: return "lost";
    case SCTP_RESTART: return "restart";
    case SCTP_SHUTDOWN_COMP: return "closed";
    default: return "unreachable";
    }
}

static const char *path_state(unsigned state)
{
    switch (state) {
    case SCTP_ADDR_AVAILABLE: return "available";
    case SCTP_ADDR_UNREACHABLE: return "unreachable";
    case SCTP_ADDR_CONFIRMED: return "confirmed";
    case SCTP_ADDR_MADE_PRIM: return "primary";
    default: return "other";
    }
}

static void notified(const union sctp_notification *event)
{
    char text[INET6_ADDRSTRLEN] = "";
    const struct sctp_assoc_change *association = &event->sn_assoc_change;
    const struct sctp_paddr_change *path = &event->sn_paddr_change;
    switch (event->sn_header.sn_type) {
    case SCTP_ASSOC_CHANGE:
        if (association->sac_state == SCTP_COMM_UP || association->sac_state == SCTP_RESTART)
            last_association = association->sac_assoc_id;
        say("{\"event\":\"%s\",\"association\":%u,\"outboundStreams\":%u,\"inboundStreams\":%u}",
            association_event(association->sac_state), association->sac_assoc_id, association->sac_outbound_streams,
            association->sac_inbound_streams);
        break;
    case SCTP_PEER_ADDR_CHANGE:
        if (path->spc_aaddr.ss_family == AF_INET)
            inet_ntop(AF_INET, &((const struct sockaddr_in *)&path->spc_aaddr)->sin_addr, text, sizeof text);
        else
            inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)&path->spc_aaddr)->sin6_addr, text, sizeof text);
        say("{\"event\":\"path\",\"address\":\"%s\",\"state\":\"%s\",\"atMs\":%.1f}", text, path_state(path->spc_state), now_ms());
        break;
    case SCTP_REMOTE_ERROR:
        say("{\"event\":\"error\",\"cause\":%u}", ntohs(event->sn_remote_error.sre_error));
        break;
    case SCTP_SEND_FAILED_EVENT:
        say("{\"event\":\"sendFailed\",\"ppid\":%u}", ntohl(event->sn_send_failed_event.ssfe_info.snd_ppid));
        break;
    case SCTP_SHUTDOWN_EVENT:
        say("{\"event\":\"peerShutdown\"}");
        break;
    case SCTP_PARTIAL_DELIVERY_EVENT:
        say("{\"event\":\"partialDeliveryAborted\"}");
        break;
    default:
        break;
    }
}

static void expect(unsigned long messages)
{
    memset(&received, 0, sizeof received);
    for (int stream = 0; stream < max_streams; stream += 1) received.last_of_stream[stream] = -1;
    received.expected = messages;
}

static void verify(const unsigned char *data, size_t bytes, const struct sctp_rcvinfo *info)
{
    if (bytes < 4) {
        received.corrupt += 1;
        return;
    }
    unsigned long number = (unsigned long)data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
    for (size_t position = 4; position < bytes; position += 1) {
        if (data[position] == ((number + position) & 0xff)) continue;
        received.corrupt += 1;
        return;
    }
    if (number >= max_numbers || info->rcv_sid >= max_streams) return;
    if (received.seen[number / 8] & 1 << number % 8) received.duplicates += 1;
    received.seen[number / 8] |= (unsigned char)(1 << number % 8);
    if (info->rcv_flags & SCTP_UNORDERED) return;
    if ((long)number <= received.last_of_stream[info->rcv_sid]) received.disordered += 1;
    received.last_of_stream[info->rcv_sid] = (long)number;
}

static void report_received(const char *event)
{
    double elapsed_ms = received.started_ms > 0 ? now_ms() - received.started_ms : 0;
    say("{\"event\":\"%s\",\"messages\":%lu,\"bytes\":%lu,\"corrupt\":%lu,\"duplicates\":%lu,\"disordered\":%lu,\"unordered\":%lu,"
        "\"ppid\":%u,\"gapEndMs\":%.1f,\"elapsedMs\":%.3f,\"cpuMs\":%.3f}",
        event, received.messages, received.bytes, received.corrupt, received.duplicates, received.disordered, received.unordered,
        received.last_ppid, received.gap_end_ms, elapsed_ms, cpu_ms() - received.cpu_started_ms);
}

static void message_arrived(const unsigned char *data, size_t bytes, const struct sctp_rcvinfo *info)
{
    if (received.messages == 0) {
        received.started_ms = now_ms();
        received.cpu_started_ms = cpu_ms();
    }
    double now = now_ms();
    if (received.messages > 0 && now - received.last_ms > least_gap_ms) received.gap_end_ms = now - received.started_ms;
    received.last_ms = now;
    received.messages += 1;
    received.bytes += bytes;
    received.last_ppid = ntohl(info->rcv_ppid);
    if (info->rcv_flags & SCTP_UNORDERED) received.unordered += 1;
    if (verifies) verify(data, bytes, info);
    if (echoes) {
        struct sctp_sndinfo to = { .snd_sid = info->rcv_sid, .snd_ppid = info->rcv_ppid, .snd_assoc_id = info->rcv_assoc_id };
        to.snd_flags = info->rcv_flags & SCTP_UNORDERED;
        usrsctp_sendv(endpoint, data, bytes, NULL, 0, &to, sizeof to, SCTP_SENDV_SNDINFO, 0);
    }
    if (received.messages == received.expected) report_received("received");
}

static void *receive(void *unused)
{
    unsigned char *data = malloc(max_message_bytes);
    size_t held = 0;
    (void)unused;
    for (;;) {
        struct sctp_rcvinfo info = { 0 };
        struct sockaddr_storage from;
        socklen_t from_bytes = sizeof from, info_bytes = sizeof info;
        unsigned info_type = 0;
        int flags = 0;
        ssize_t bytes = usrsctp_recvv(endpoint, data + held, max_message_bytes - held, (struct sockaddr *)&from, &from_bytes, &info,
                                      &info_bytes, &info_type, &flags);
        if (bytes < 0) return NULL;
        held += (size_t)bytes;
        if (!(flags & MSG_EOR)) continue; /* partial delivery: the rest is in the next reads */
        if (flags & MSG_NOTIFICATION) notified((const union sctp_notification *)data);
        else if (held > 0) message_arrived(data, held, &info);
        held = 0;
    }
}

/* Everything that was sent has been acknowledged, or the association is no more. */
static bool wait_until_acknowledged(sctp_assoc_t association)
{
    for (;;) {
        struct sctp_status status = { .sstat_assoc_id = association };
        socklen_t bytes = sizeof status;
        if (usrsctp_getsockopt(endpoint, IPPROTO_SCTP, SCTP_STATUS, &status, &bytes) < 0) return false;
        if (status.sstat_unackdata == 0 && status.sstat_penddata == 0) return true;
        usleep(500);
    }
}

static void send_messages(char *arguments)
{
    unsigned long count = 0;
    unsigned bytes = 0, streams = 1, ppid = 0;
    static unsigned char data[max_message_bytes];
    char order[16] = "";
    if (sscanf(arguments, "%lu %u %u %u %15s", &count, &bytes, &streams, &ppid, order) < 4 || bytes < 4 || bytes > sizeof data || streams == 0) {
        say("{\"event\":\"failed\",\"what\":\"send: COUNT BYTES STREAMS PPID [unordered]\"}");
        return;
    }
    struct sctp_sndinfo info = { .snd_ppid = htonl(ppid), .snd_assoc_id = last_association };
    if (strcmp(order, "unordered") == 0) info.snd_flags = SCTP_UNORDERED;
    double started_ms = now_ms(), cpu_started_ms = cpu_ms();
    unsigned long number = 0;
    for (; number < count; number += 1) {
        uint32_t start = htonl((uint32_t)number);
        if (verifies || number == 0)
            for (unsigned position = 4; position < bytes; position += 1) data[position] = (unsigned char)(number + position);
        memcpy(data, &start, sizeof start);
        info.snd_sid = (uint16_t)(number % streams);
        if (usrsctp_sendv(endpoint, data, bytes, NULL, 0, &info, sizeof info, SCTP_SENDV_SNDINFO, 0) < 0) break;
        if (pace_us > 0) usleep(pace_us);
    }
    bool acknowledged = wait_until_acknowledged(info.snd_assoc_id);
    say("{\"event\":\"sent\",\"messages\":%lu,\"acknowledged\":%s,\"elapsedMs\":%.3f,\"cpuMs\":%.3f}", number,
        acknowledged ? "true" : "false", now_ms() - started_ms, cpu_ms() - cpu_started_ms);
}

static void set_remote_udp_port(struct socket *socket, unsigned udp_port)
{
    struct sctp_udpencaps encapsulation = { .sue_port = htons((uint16_t)udp_port) };
    if (usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &encapsulation, sizeof encapsulation) < 0) fail("UDP port");
}

static void connect_to(char *arguments)
{
    char list[256] = "";
    unsigned port = 0, udp_port = 0;
    struct addresses peer = { 0 };
    if (sscanf(arguments, "%255s %u %u", list, &port, &udp_port) < 3) {
        say("{\"event\":\"failed\",\"what\":\"connect: ADDRESS[,ADDRESS...] PORT UDP-PORT\"}");
        return;
    }
    set_remote_udp_port(endpoint, udp_port);
    for (char *text = strtok(list, ","); text != NULL; text = strtok(NULL, ",")) add_address(&peer, text, (unsigned short)port);
    if (usrsctp_connectx(endpoint, (struct sockaddr *)peer.packed, peer.count, NULL) < 0 && errno != EINPROGRESS)
        say("{\"event\":\"failed\",\"what\":\"connect: %s\"}", strerror(errno));
}

/* Those of open-many. */
static struct {
    struct socket *sockets[max_sockets];
    sctp_assoc_t associations[max_sockets];
    unsigned long count;
    volatile unsigned long up;
    double started_ms, cpu_started_ms;
} many;

/* Of one of the many sockets; called by the receiving thread alone. */
static int one_of_many_received(struct socket *socket, union sctp_sockstore from, void *data, size_t bytes, struct sctp_rcvinfo info,
                                int flags, void *association)
{
    (void)socket, (void)from, (void)bytes, (void)info;
    const union sctp_notification *event = data;
    if (data == NULL) return 1;
    if (flags & MSG_NOTIFICATION && event->sn_header.sn_type == SCTP_ASSOC_CHANGE && event->sn_assoc_change.sac_state == SCTP_COMM_UP) {
        *(sctp_assoc_t *)association = event->sn_assoc_change.sac_assoc_id;
        many.up += 1;
        if (many.up == many.count)
            say("{\"event\":\"opened\",\"associations\":%lu,\"elapsedMs\":%.3f,\"cpuMs\":%.3f}", many.up, now_ms() - many.started_ms,
                cpu_ms() - many.cpu_started_ms);
    }
    free(data);
    return 1;
}

static void open_many(char *arguments)
{
    char address[64] = "";
    unsigned long more = 0;
    unsigned port = 0, udp_port = 0;
    struct addresses peer = { 0 }, own = { 0 };
    const struct sctp_event event = { .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = SCTP_ASSOC_CHANGE, .se_on = 1 };
    if (sscanf(arguments, "%lu %63s %u %u", &more, address, &port, &udp_port) < 4 || many.count + more > max_sockets) {
        say("{\"event\":\"failed\",\"what\":\"open-many: COUNT ADDRESS PORT UDP-PORT\"}");
        return;
    }
    add_address(&peer, address, (unsigned short)port);
    add_address(&own, address, 0);
    many.started_ms = now_ms();
    many.cpu_started_ms = cpu_ms();
    unsigned long index = many.count;
    for (many.count += more; index < many.count; index += 1) {
        while (index >= many.up + max_opening) usleep(50); /* more at a time overflow the receive buffer of the peer's UDP socket */
        struct socket *socket = usrsctp_socket(((struct sockaddr *)own.packed)->sa_family, SOCK_SEQPACKET, IPPROTO_SCTP,
                                               one_of_many_received, NULL, 0, &many.associations[index]);
        if (socket == NULL) fail("socket");
        if (usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event) < 0) fail("SCTP_EVENT");
        set_remote_udp_port(socket, udp_port);
        if (usrsctp_bindx(socket, (struct sockaddr *)own.packed, 1, SCTP_BINDX_ADD_ADDR) < 0) fail("bindx");
        if (usrsctp_connectx(socket, (struct sockaddr *)peer.packed, 1, NULL) < 0 && errno != EINPROGRESS) fail("connectx");
        many.sockets[index] = socket;
    }
}

static void send_many(char *arguments)
{
    static char data[max_message_bytes];
    unsigned long count = 0, bytes = 0;
    struct sctp_sndinfo info = { .snd_ppid = 0 };
    if (sscanf(arguments, "%lu %lu", &count, &bytes) < 2 || bytes == 0 || bytes > sizeof data) {
        say("{\"event\":\"failed\",\"what\":\"send-many: COUNT BYTES\"}");
        return;
    }
    double started_ms = now_ms(), cpu_started_ms = cpu_ms();
    for (unsigned long number = 0; number < count; number += 1)
        for (unsigned long index = 0; index < many.count; index += 1) {
            info.snd_assoc_id = many.associations[index];
            if (usrsctp_sendv(many.sockets[index], data, bytes, NULL, 0, &info, sizeof info, SCTP_SENDV_SNDINFO, 0) < 0) fail("sendv");
        }
    say("{\"event\":\"sent\",\"messages\":%lu,\"elapsedMs\":%.3f,\"cpuMs\":%.3f}", count * many.count, now_ms() - started_ms,
        cpu_ms() - cpu_started_ms);
}

static void end_association(int flag)
{
    struct sctp_sndinfo info = { .snd_flags = (uint16_t)flag, .snd_assoc_id = last_association };
    if (usrsctp_sendv(endpoint, "", 0, NULL, 0, &info, sizeof info, SCTP_SENDV_SNDINFO, 0) < 0)
        say("{\"event\":\"failed\",\"what\":\"end: %s\"}", strerror(errno));
}

static void say_status(void)
{
    struct sctp_status status = { .sstat_assoc_id = last_association };
    socklen_t bytes = sizeof status;
    struct sctpstat statistics;
    bool is_up = usrsctp_getsockopt(endpoint, IPPROTO_SCTP, SCTP_STATUS, &status, &bytes) == 0;
    usrsctp_get_stat(&statistics);
    say("{\"event\":\"status\",\"established\":%s,\"windowBytes\":%u,\"congestionWindowBytes\":%u,\"smoothedRoundTripTimeMs\":%u,"
        "\"mtu\":%u,\"packetsSent\":%u,\"packetsReceived\":%u,\"badChecksums\":%u,\"retransmitted\":%u,\"fastRetransmitted\":%u,"
        "\"timeouts\":%u,\"restarts\":%u,\"outOfTheBlue\":%u,\"cpuMs\":%.3f}",
        is_up && status.sstat_state == SCTP_ESTABLISHED ? "true" : "false", status.sstat_rwnd, status.sstat_primary.spinfo_cwnd,
        status.sstat_primary.spinfo_srtt, status.sstat_primary.spinfo_mtu, statistics.sctps_outpackets, statistics.sctps_inpackets,
        statistics.sctps_checksumerrors, statistics.sctps_sendretransdata, statistics.sctps_sendfastretrans, statistics.sctps_timodata,
        statistics.sctps_restartestab, statistics.sctps_outoftheblue, cpu_ms());
}

static void obey(char *command)
{
    char *arguments = command + strcspn(command, " \n");
    if (*arguments != '\0') *arguments++ = '\0';
    if (strcmp(command, "connect") == 0) connect_to(arguments);
    else if (strcmp(command, "send") == 0) send_messages(arguments);
    else if (strcmp(command, "open-many") == 0) open_many(arguments);
    else if (strcmp(command, "send-many") == 0) send_many(arguments);
    else if (strcmp(command, "pace") == 0) pace_us = (unsigned)strtoul(arguments, NULL, 10);
    else if (strcmp(command, "expect") == 0) {
        expect(strtoul(arguments, NULL, 10));
        say("{\"event\":\"expecting\"}");
    }
    else if (strcmp(command, "status") == 0) say_status();
    else if (strcmp(command, "shutdown") == 0) end_association(SCTP_EOF);
    else if (strcmp(command, "abort") == 0) end_association(SCTP_ABORT);
    else say("{\"event\":\"failed\",\"what\":\"unknown command %s\"}", command);
}

/* @returns whether a raw socket could be opened all the same */
static bool give_up_capabilities(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[2] = { { 0 } };
    if (syscall(SYS_capset, &header, none) < 0) fail("capset");
    int raw = socket(AF_INET, SOCK_RAW, IPPROTO_SCTP);
    if (raw >= 0) close(raw);
    return raw >= 0;
}

static void subscribe(void)
{
    const uint16_t types[] = { SCTP_ASSOC_CHANGE,       SCTP_PEER_ADDR_CHANGE, SCTP_REMOTE_ERROR,
                               SCTP_SEND_FAILED_EVENT, SCTP_SHUTDOWN_EVENT,   SCTP_PARTIAL_DELIVERY_EVENT };
    for (size_t index = 0; index < sizeof types / sizeof *types; index += 1) {
        struct sctp_event event = { .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = types[index], .se_on = 1 };
        option(SCTP_EVENT, &event, sizeof event);
    }
    const int on = 1, off = 0;
    option(SCTP_RECVRCVINFO, &on, sizeof on);
    option(SCTP_NODELAY, &on, sizeof on);
    option(SCTP_FRAGMENT_INTERLEAVE, &off, sizeof off);
}

struct options {
    unsigned port, udp_port;
    bool listens;
};

static void read_options(int count, char **arguments, struct options *options)
{
    for (int index = 1; index < count; index += 1) {
        const char *name = arguments[index], *value = index + 1 < count ? arguments[index + 1] : "";
        if (strcmp(name, "--listen") == 0) options->listens = true;
        else if (strcmp(name, "--echo") == 0) echoes = true;
        else if (strcmp(name, "--verify") == 0) verifies = true;
        else {
            index += 1;
            if (strcmp(name, "--port") == 0) options->port = (unsigned)atoi(value);
            else if (strcmp(name, "--udp-port") == 0) options->udp_port = (unsigned)atoi(value);
            else if (strcmp(name, "--address") == 0) add_address(&local, value, (unsigned short)options->port);
            else if (!read_parameter(name, (unsigned)atoi(value))) {
                fprintf(stderr, "usrsctp-peer: unknown option %s\n", name);
                exit(2);
            }
        }
    }
}

int main(int count, char **arguments)
{
    struct options options = { .udp_port = 9899 };
    char line[512];
    pthread_t receiver;
    read_options(count, arguments, &options);
    bool has_raw_socket = give_up_capabilities();
    usrsctp_init((uint16_t)options.udp_port, NULL, NULL);
    endpoint = usrsctp_socket(((struct sockaddr *)local.packed)->sa_family, SOCK_SEQPACKET, IPPROTO_SCTP, NULL, NULL, 0, NULL);
    if (endpoint == NULL) fail("socket");
    set_parameters();
    subscribe();
    expect(0);
    if (usrsctp_bindx(endpoint, (struct sockaddr *)local.packed, local.count, SCTP_BINDX_ADD_ADDR) < 0) fail("bindx");
    if (options.listens && usrsctp_listen(endpoint, 1000) < 0) fail("listen");
    pthread_create(&receiver, NULL, receive, NULL);
    say("{\"event\":\"ready\",\"rawSocket\":%s}", has_raw_socket ? "true" : "false");
    while (fgets(line, sizeof line, stdin) != NULL && strncmp(line, "quit", 4) != 0) obey(line);
    report_received("end");
    _exit(0); /* usrsctp_close would wait for the thread that waits for messages */
}
