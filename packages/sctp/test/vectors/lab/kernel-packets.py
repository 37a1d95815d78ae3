"""Makes the kernel send every chunk, parameter and error cause that it has."""
import socket
import struct
import subprocess
import time

from sctp_peer import Peer, chunk, data, init, packet, parameter

SCTP = 132
SNDINFO = 2
UNORDERED, ABORT, SACK_IMMEDIATELY = 1, 4, 8
ADAPTATION, SET_PEER_PRIMARY, BINDX_ADD, BINDX_REMOVE = 7, 5, 100, 101
PR_SUPPORTED, DEFAULT_PRINFO, RECONFIG_SUPPORTED = 113, 114, 117
ENABLE_STREAM_RESET, RESET_STREAMS, RESET_ASSOCIATION, ADD_STREAMS = 118, 119, 120, 121


def setting(name, value):
    with open('/proc/sys/net/sctp/' + name, 'w') as file:
        file.write(str(value))


def shell(command):
    subprocess.run(command, shell=True, check=True)


def extend(sock):
    sock.setsockopt(SCTP, PR_SUPPORTED, struct.pack('<iI', 0, 1))
    sock.setsockopt(SCTP, RECONFIG_SUPPORTED, struct.pack('<iI', 0, 1))
    sock.setsockopt(SCTP, ENABLE_STREAM_RESET, struct.pack('<iI', 0, 7))


def sctp_socket(prepare, family=socket.AF_INET, kind=socket.SOCK_STREAM):
    sock = socket.socket(family, kind, SCTP)
    sock.settimeout(5)
    prepare(sock)
    return sock


def pair(port, prepare=lambda sock: None, host='127.0.0.1', family=socket.AF_INET, bind=True):
    listener = sctp_socket(prepare, family)
    listener.bind((host if bind else '::', port))
    listener.listen(5)
    client = sctp_socket(prepare, family)
    if bind:
        client.bind((host, 0))
    client.connect((host, port))
    return listener, client, listener.accept()[0]


def send(sock, content, stream=0, flags=0, ppid=0, address=()):
    info = struct.pack('<HHIIi', stream, flags, socket.htonl(ppid), 0, 0)
    sock.sendmsg([content], [(SCTP, SNDINFO, info)], 0, *address)


def sockaddr(host, port):
    return struct.pack('<HH4s8x', 2, socket.htons(port), socket.inet_aton(host))


def messages():
    _, client, server = pair(5001)
    send(client, b'a')
    send(client, b'hello world', 3, UNORDERED, 11)
    time.sleep(.3)
    send(client, b'now', 2, SACK_IMMEDIATELY, 12)
    time.sleep(.3)
    send(client, bytes(range(256)) * 20, 1, 0, 46)
    time.sleep(.5)
    send(server, b'back' * 3)
    time.sleep(.5)
    client.close()
    time.sleep(.5)
    server.close()


def aborts():
    _, client, _ = pair(5002)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.close()
    listener = sctp_socket(lambda sock: None)
    listener.bind(('127.0.0.1', 5003))
    listener.listen(5)
    many = sctp_socket(lambda sock: None, kind=socket.SOCK_SEQPACKET)
    address = (('127.0.0.1', 5003),)
    send(many, b'x', address=address)
    time.sleep(.5)
    send(many, b'the reason', flags=ABORT, address=address)


def losses():
    _, client, _ = pair(5004, extend)
    client.setsockopt(SCTP, DEFAULT_PRINFO, struct.pack('<iIH2x', 0, 300, 0x10))
    send(client, b'first')
    time.sleep(.5)
    for count in (1, 3):
        shell('tc qdisc add dev lo root netem loss 100%')
        for stream in range(count):
            send(client, b'lost', stream)
        time.sleep(.5)
        shell('tc qdisc del dev lo root')
        time.sleep(3)
    shell('tc qdisc add dev lo root netem loss 25% duplicate 20% delay 2ms')
    for index in range(120):
        send(client, bytes([index]) * 300, index % 5, index % 7 == 0, 100 + index)
        time.sleep(.01)
    time.sleep(3)
    shell('tc qdisc del dev lo root')
    time.sleep(2)


def stream_resets():
    _, client, server = pair(5005, extend)
    send(client, b'x', 1)
    send(server, b'y', 1)
    time.sleep(.3)
    requests = [
        (RESET_STREAMS, struct.pack('<iHHHH', 0, 2, 2, 1, 2)),
        (RESET_STREAMS, struct.pack('<iHHH', 0, 1, 1, 1)),
        (RESET_STREAMS, struct.pack('<iHH', 0, 3, 0)),
        (ADD_STREAMS, struct.pack('<iHH', 0, 3, 0)),
        (ADD_STREAMS, struct.pack('<iHH', 0, 0, 4)),
        (ADD_STREAMS, struct.pack('<iHH', 0, 2, 2)),
        (RESET_ASSOCIATION, struct.pack('<i', 0)),
    ]
    for option, value in requests:
        client.setsockopt(SCTP, option, value)
        time.sleep(.6)


def address_changes():
    setting('addip_enable', 1)
    setting('addip_noauth_enable', 1)
    _, client, _ = pair(5006, host='10.9.0.1')
    send(client, b'z')
    time.sleep(.3)
    port = client.getsockname()[1]
    requests = [
        (BINDX_ADD, sockaddr('10.9.0.2', port)),
        (BINDX_ADD, sockaddr('10.9.0.3', port) + sockaddr('10.9.0.4', port)),
        (SET_PEER_PRIMARY, struct.pack('<i', 0) + sockaddr('10.9.0.2', port) + bytes(112)),
        (BINDX_REMOVE, sockaddr('10.9.0.3', port)),
    ]
    for option, value in requests:
        client.setsockopt(SCTP, option, value)
        time.sleep(1)
    setting('addip_enable', 0)


def handshakes():
    setting('auth_enable', 1)
    pair(5007)
    setting('auth_enable', 0)
    pair(5008, host='::1', family=socket.AF_INET6, bind=False)
    pair(5009, lambda sock: sock.setsockopt(SCTP, ADAPTATION, struct.pack('<I', 0xCAFE)))


def established(*chunks, parameters=b''):
    def run():
        peer = Peer(6000)
        peer.send(peer.establish(parameters), *chunks)
        peer.receive()
        peer.receive()
    return run


def opening(*chunks, port=6000, tag=0):
    def run():
        peer = Peer(port)
        peer.send(tag, *chunks)
        peer.receive()
    return run


def stale_cookie():
    setting('valid_cookie_life', 100)
    listener = sctp_socket(extend)
    listener.bind(('127.0.0.1', 6001))
    listener.listen(5)
    peer = Peer(6001)
    tag, cookie = peer.start()
    time.sleep(1.5)
    peer.send(tag, chunk(10, cookie))
    peer.receive()
    setting('valid_cookie_life', 60000)


def restart():
    peer = Peer(6000)
    peer.establish()
    addresses = parameter(5, socket.inet_aton('10.77.0.1')) + parameter(5, socket.inet_aton('127.0.0.1'))
    peer.send(0, init(99, parameters=addresses))
    peer.receive()
    peer.receive()


def cookie_while_shutting_down():
    peer = Peer(6000)
    tag = peer.establish()
    tsn = peer.kernel_tsn
    new_tag, cookie = peer.start(tag=0x77)
    peer.send(tag, chunk(7, struct.pack('>I', (tsn - 1) % 2**32)))
    peer.wait_for(8)
    peer.send(new_tag, chunk(10, cookie))
    peer.receive()
    peer.receive()


def init_ack(parameters, streams=10):
    """The kernel is the client, and gets this INIT ACK."""
    def run():
        peer = Peer(0)
        setting('encap_port', Peer.udp_port)
        client = sctp_socket(lambda sock: None)
        setting('encap_port', 9899)
        client.setblocking(False)
        try:
            client.connect(('127.0.0.1', peer.port))
        except BlockingIOError:
            pass
        first = peer.receive()
        peer.kernel_port, tag = struct.unpack('>H', first[:2])[0], struct.unpack('>I', first[16:20])[0]
        peer.send(tag, init(0x4321, streams, parameters=parameters, kind=2))
        peer.receive()
        client.close()
    return run


def by_hand():
    ipv4 = parameter(5, b'\x01\x02\x03\x04')
    unknown = parameter(0xC0FF, b'hello') + parameter(0xC0FE) + parameter(0x8077, b'x') + parameter(0x4055, b'end')
    add_address = parameter(0xC001, struct.pack('>I', 7) + parameter(5, b'\x0a\x09\x00\x09'))
    supports_reset = parameter(0x8008, bytes([130]))
    first = data(1000, 0, 0, b'a')
    third = data(1002, 0, 2, b'c')
    return [
        opening(init(parameters=unknown + ipv4)),
        opening(init(streams=0)),
        opening(init(window=10)),
        opening(init(parameters=parameter(11, b'host.example\0'))),
        opening(init(parameters=struct.pack('>HH', 5, 3))),
        opening(init(), port=7777),
        opening(chunk(8), tag=77),
        opening(data(1, 0, 0, b'x'), tag=77),
        established(chunk(0xFE, b'what')),
        established(chunk(0x41, b'what?', 5)),
        established(data(1000, 99, 0, b'x')),
        established(data(1000, 0, 0, b'')),
        established(chunk(3, bytes(4))),
        established(chunk(9, struct.pack('>HH', 1, 2))),
        established(chunk(0xC1, struct.pack('>I', 1000) + parameter(5, b'\x7f\x00\x00\x01') + add_address)),
        established(chunk(3, struct.pack('>IIHH', 0x7FFFFFFF, 1000, 0, 0))),
        established(first, first, third, third, data(1005, 1, 0, b'c', 7), data(1006, 1, 0, b'c', 7)),
        established(chunk(4, parameter(1, b'odd info'))),
        established(chunk(4, parameter(1, b'odd'))),
        established(chunk(7, struct.pack('>I', 5))),
        established(data(1001, 0, 1, b'b'), chunk(192, struct.pack('>IHH', 1000, 0, 0)), parameters=parameter(0xC000)),
        established(chunk(130, parameter(17, struct.pack('>IHH', 1000, 5, 0))), parameters=supports_reset),
        established(chunk(130, parameter(13, struct.pack('>III', 77, 88, 99))), parameters=supports_reset),
        stale_cookie,
        restart,
        cookie_while_shutting_down,
        init_ack(parameter(7, b'cookie') + unknown),
        init_ack(b''),
        init_ack(parameter(7, b'cookie'), streams=0),
    ]


def main():
    listener = sctp_socket(extend)
    listener.bind(('127.0.0.1', 6000))
    listener.listen(100)
    steps = [messages, aborts, losses, stream_resets, address_changes, handshakes]
    for number, step in enumerate(steps + by_hand()):
        try:
            step()
        except Exception as error:
            print('step', number, step.__name__, repr(error), flush=True)
        time.sleep(.5)


main()
