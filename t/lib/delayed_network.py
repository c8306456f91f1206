"""Hosts in network namespaces, each with a link to a client in a namespace of its own. A link takes a known time each way.

    with DelayedNetwork("vm", "function") as network, network.delay(0.03):
        subprocess.run([*network.command("client"), "curl", f"http://{network.addresses['vm']}/"])

A link is two TUN devices, and a program between them (this file) that holds each packet for that time. The kernel's own delay, netem, is
not in each kernel.
"""

import collections
import contextlib
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

TUN = "/dev/net/tun"
IP = "/usr/sbin/ip"
SET_INTERFACE = 0x400454CA  # TUNSETIFF
IS_TUN, HAS_NO_HEADER = 1, 0x1000  # IFF_TUN, IFF_NO_PI
NETWORK_NAMESPACE = 0x40000000  # CLONE_NEWNET
TIMER_SLACK = 29  # PR_SET_TIMERSLACK


def ip(*arguments):
    subprocess.run([IP, *arguments], check=True, stderr=subprocess.PIPE, text=True)


def missing():
    """Return why this machine has no such networks, or None."""
    if os.getuid() != 0:
        return "not root"
    if not os.path.exists(IP):
        return "iproute2 is not installed"
    try:
        with DelayedNetwork("probe") as network, network.delay(0):
            return None
    except (subprocess.CalledProcessError, OSError) as error:
        return f"no network namespaces or TUN devices here: {(getattr(error, 'stderr', None) or str(error)).strip()}"


class DelayedNetwork:
    """A context manager. `addresses` has the address of each host."""

    def __init__(self, *hosts):
        self.names = {host: f"serverful-{os.getpid()}-{host}" for host in ("client", *hosts)}
        self.addresses = {host: f"10.77.{number}.2" for number, host in enumerate(hosts, 1)}

    def __enter__(self):
        try:
            for name in self.names.values():
                ip("netns", "add", name)
                ip("-n", name, "link", "set", "lo", "up")
                # Like Debian's default, cubic, but allowed in each namespace. BBR would spread the packets of a body over a round trip.
                ip("netns", "exec", name, "sysctl", "-qw", "net.ipv4.tcp_congestion_control=reno")
            for host, address in self.addresses.items():
                near = address[:-1] + "1"
                self._end("client", host, near, address)
                self._end(host, "client", address, near)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in self.names.values():
            subprocess.run([IP, "netns", "delete", name], stderr=subprocess.DEVNULL)

    def _end(self, host, device, address, peer):
        """Make the end of a link on a host."""
        name = self.names[host]
        ip("-n", name, "tuntap", "add", "mode", "tun", "name", device)
        ip("-n", name, "address", "add", address, "peer", peer, "dev", device)
        ip("-n", name, "link", "set", device, "up")

    def command(self, host):
        """Return the beginning of a command line that runs on a host."""
        return [IP, "netns", "exec", self.names[host]]

    @contextlib.contextmanager
    def delay(self, seconds):
        """Carry packets, each for some time; without this, none arrives."""
        ends = [end for host in self.addresses for end in (self.names["client"], host, self.names[host], "client")]
        relay = subprocess.Popen([sys.executable, __file__, str(seconds), *ends], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            if relay.stdout.readline() != "ready\n":
                raise OSError(relay.stderr.read())
            yield
        finally:
            relay.communicate()  # it ends with its input


def open_device(libc, namespace, name):
    """Return a descriptor of a TUN device in a network namespace, which this process enters."""
    with open(f"/run/netns/{namespace}", encoding="ascii") as file:
        if libc.setns(file.fileno(), NETWORK_NAMESPACE):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    device = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, SET_INTERFACE, struct.pack("16sH22x", name.encode(), IS_TUN | HAS_NO_HEADER))
    return device


def receive(device):
    """Return the packets that wait on a device."""
    with contextlib.suppress(BlockingIOError):
        while True:
            yield os.read(device, 65536)


def carry(peers, seconds):
    """Write each packet of a device to its peer after some time, until the input ends."""
    waiting = collections.deque()
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready = select.select([sys.stdin, *peers], [], [], pause)[0]
        if sys.stdin in ready:
            return
        for device in ready:
            waiting.extend((time.monotonic() + seconds, peers[device], packet) for packet in receive(device))
        while waiting and waiting[0][0] <= time.monotonic():
            _, device, packet = waiting.popleft()
            with contextlib.suppress(BlockingIOError):
                os.write(device, packet)


def main(seconds, *ends):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(TIMER_SLACK, ctypes.c_ulong(1))  # wake up when a packet is due, not 50 us later
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    devices = [open_device(libc, *ends[i:i + 2]) for i in range(0, len(ends), 2)]
    print("ready", flush=True)
    carry({device: devices[i ^ 1] for i, device in enumerate(devices)}, float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
