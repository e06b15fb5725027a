"""What is measured: each workload is a list of cases that are compared with each other, round by round."""

from dataclasses import dataclass, field

from .subjects import SUBJECTS


@dataclass(frozen=True)
class Case:
    """A subject under a workload, maybe with parameters of its own."""
    subject: str
    label: str = ""
    floor: str = ""  # label of what it is compared with, if not the workload's
    changes: dict = field(default_factory=dict, hash=False)

    @property
    def name(self):
        return self.label or self.subject


@dataclass(frozen=True)
class Workload:
    name: str
    code: str   # what the acceptance list calls it
    title: str
    cases: tuple
    measure: str = "calls_per_second"  # or p50_us
    floor: str = "raw-epoll"           # label of the case that the others are compared with; empty: none
    call: str = "add"
    connections: int = 1
    in_flight: int = 1
    threads: int = 1
    share: bool = False
    server_threads: int = 1
    idle: int = 0                      # connections that the server has besides, and that do nothing
    bytes: int = 0                     # of the value that goes there and back, where its rate is of interest
    rounds: float = 1                  # times the usual number

    def parameters(self, case):
        """Of one case: the workload's, but for what the case changes."""
        names = ("call", "connections", "in_flight", "threads", "share", "server_threads", "idle")
        return {name: case.changes.get(name, getattr(self, name)) for name in names}


def chosen(words, name, code):
    """Whether one of `words` means a workload: its code, its name or the beginning of its name."""
    return any(name.startswith(word.lower()) or code.lower() == word.lower() for word in words)


def cases(*names):
    return tuple(Case(name) for name in names)


LATENCY = cases("raw-epoll", "raw-asio", "raw-blocking", "farcall-blocking", "farcall-busy", "farcall-callback",
                "farcall-context", "farcall-coroutine", "grpc-sync", "grpc-callback", "capnp", "thrift-blocking",
                "thrift-threaded-blocking")
RATE = cases("raw-epoll", "raw-asio", "farcall-callback", "farcall-context", "farcall-coroutine", "grpc-sync",
             "grpc-callback", "capnp", "thrift", "thrift-threaded")
MANY = cases("raw-epoll", "raw-asio", "farcall-context", "farcall-coroutine", "grpc-callback", "capnp", "thrift")
VALUES = cases("raw-epoll", "raw-asio", "raw-blocking", "farcall-blocking", "farcall-context", "grpc-sync",
               "grpc-callback", "capnp", "thrift-blocking", "thrift-threaded-blocking")

PACKED = tuple(Case(f"farcall-{way}", f"farcall-{way}, packed", changes={"call": "packed"}) for way in ("blocking", "context"))


def many(in_flight, server_threads):
    threads = "1 server thread" if server_threads == 1 else f"{server_threads} server threads"
    return Workload(f"many-{in_flight}-{server_threads}", "W3", f"64 connections, {in_flight} in flight on each, {threads}", MANY,
                    connections=64, in_flight=in_flight, server_threads=server_threads)


def by_threads(label, subject, share):
    """1, 2, 4 and 8 threads, compared with one."""
    return tuple(Case(subject, f"{label} x {count}", f"{label} x 1", {"threads": count, "share": share})
                 for count in (1, 2, 4, 8))


WORKLOADS = (
    Workload("ping-pong", "W1", "one call at a time", LATENCY, measure="p50_us"),
    Workload("in-flight-64", "W2", "64 calls in flight on one connection", RATE, in_flight=64),
    Workload("in-flight-256", "W2", "256 calls in flight on one connection", RATE, in_flight=256),
    many(16, 1), many(16, 2), many(1, 1), many(1, 2),
    Workload("struct", "W4", "a struct there and back, 64 in flight", RATE, call="record", in_flight=64),
    Workload("text", "W5", "a string of 1 MiB there and back", VALUES, measure="p50_us", call="text", bytes=1 << 20),
    Workload("doubles", "W5", "131072 doubles with all their digits there and back", VALUES + PACKED, measure="p50_us", call="doubles",
             bytes=1 << 20),
    Workload("decimals", "W5", "131072 doubles with two decimals there and back", VALUES, measure="p50_us", call="decimals",
             bytes=1 << 20),
    Workload("threads", "W8", "threads that share one connection, blocking calls",
             by_threads("farcall", "farcall-blocking", True) + by_threads("gRPC", "grpc-sync", True)
             + by_threads("Thrift", "thrift-blocking", True), floor=""),
    Workload("clients", "A35", "clients with a connection each, blocking calls",
             by_threads("raw", "raw-blocking", False) + by_threads("farcall", "farcall-blocking", False)
             + by_threads("gRPC", "grpc-sync", False) + by_threads("Thrift", "thrift-blocking", False), floor=""),
    Workload("connect", "W9", "connect, make one call, close",
             cases("raw-connect", "farcall-connect", "grpc-connect", "capnp-connect", "thrift-connect"), measure="p50_us",
             floor="raw-connect"),
    Workload("crowd", "A36", "one call at a time, alone and beside 1000 idle connections",
             tuple(Case(subject, f"{subject}{beside}", subject, {"idle": idle})
                   for subject in ("raw-blocking", "farcall-blocking", "grpc-callback")
                   for idle, beside in ((0, ""), (1000, ", crowd"))), measure="p50_us", floor=""),
    Workload("overtaking", "D41", "one call at a time, alone and behind 1000 slow calls on the same connection",
             cases("farcall-blocking", "farcall-behind-slow"), measure="p50_us", floor="farcall-blocking", rounds=0.5),
    Workload("batch", "D24", "calls one by one, and 1000 of them in a batch",
             (Case("farcall-blocking"), Case("farcall-batch", changes={"call": "batch"})), floor="farcall-blocking"),
    # A few per cent at most: more rounds than elsewhere tell them from what else the machine does.
    Workload("metrics", "B25", "what the server's metrics cost, 64 in flight", cases("farcall-uncounted", "farcall-context"),
             floor="farcall-uncounted", in_flight=64, rounds=3),
    Workload("promises", "", "what promises cost, 64 in flight",
             (Case("farcall-context"), Case("farcall-no-deadline"),
              Case("farcall-context", "farcall-exactly-once", changes={"call": "once"})),
             floor="farcall-context", in_flight=64),
)


def runnable(workload, programs, only=()):
    """Its cases whose programs are there and whose subject begins with one of `only`; what they are compared with stays."""
    wanted = [case for case in workload.cases if not only or any(case.subject.startswith(word) for word in only)]
    floors = {case.floor or workload.floor for case in wanted}
    return [case for case in workload.cases
            if (case in wanted or case.name in floors) and SUBJECTS[case.subject].built(programs)] if wanted else []
