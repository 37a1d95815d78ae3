"""A peer of the kernel that speaks SCTP in UDP by hand, so that it can be wrong on purpose."""
import socket
import struct

KERNEL = ('127.0.0.1', 9899)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def padded(data):
    return data + b'\0' * (-len(data) % 4)


def chunk(kind, value=b'', flags=0):
    return padded(struct.pack('>BBH', kind, flags, 4 + len(value)) + value)


def parameter(kind, value=b''):
    return padded(struct.pack('>HH', kind, 4 + len(value)) + value)


def data(tsn, stream, sequence, user_data, flags=3):
    return chunk(0, struct.pack('>IHHI', tsn, stream, sequence, 7) + user_data, flags)


def init(tag=9, streams=10, window=65536, parameters=b'', kind=1):
    return chunk(kind, struct.pack('>IIHHI', tag, window, streams, 10, 1000) + parameters)


def packet(source, destination, tag, chunks):
    content = struct.pack('>HHII', source, destination, tag, 0) + b''.join(chunks)
    return content[:8] + struct.pack('<I', crc32c(content)) + content[12:]


def chunks_of(content):
    """Type and value of each chunk."""
    at = 12
    while at + 4 <= len(content):
        kind, _, length = struct.unpack('>BBH', content[at:at + 4])
        yield kind, content[at + 4:at + length]
        at += (length + 3) & ~3


class Peer:
    udp_port = 20000

    def __init__(self, kernel_port):
        Peer.udp_port += 1
        self.port = Peer.udp_port - 10000
        self.kernel_port = kernel_port
        self.kernel_tsn = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', Peer.udp_port))
        self.socket.settimeout(2)

    def send(self, tag, *chunks):
        self.socket.sendto(packet(self.port, self.kernel_port, tag, chunks), KERNEL)

    def receive(self):
        try:
            return self.socket.recv(65536)
        except socket.timeout:
            return b''

    def wait_for(self, kind):
        for _ in range(6):
            for got, value in chunks_of(self.receive()):
                if got == kind:
                    return value
        raise RuntimeError('no chunk %d' % kind)

    def start(self, parameters=b'', tag=0x1234):
        """Sends an INIT; returns the kernel's tag and cookie."""
        self.send(0, init(tag, parameters=parameters))
        value = self.wait_for(2)
        self.kernel_tsn = struct.unpack('>I', value[12:16])[0]
        at = 16
        while at + 4 <= len(value):
            kind, length = struct.unpack('>HH', value[at:at + 4])
            if kind == 7:
                return struct.unpack('>I', value[:4])[0], value[at + 4:at + length]
            at += (length + 3) & ~3
        raise RuntimeError('no cookie')

    def establish(self, parameters=b''):
        tag, cookie = self.start(parameters)
        self.send(tag, chunk(10, cookie))
        self.wait_for(11)
        return tag
