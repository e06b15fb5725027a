"""Who is measured: pairs of a server and a client, each a program with arguments.

A subject joins when both of its programs were built. To add one: write a server that prints "port N", a client that takes
the options of support/load.hpp and prints what support/course.hpp prints, and a line here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    name: str
    what: str
    server: tuple
    client: tuple
    library: str = "farcall"
    calls_each: int = 1  # calls in one message of its client's
    compares: bool = True  # with peers; not where it does what nobody else is allowed to

    @property
    def raw_server(self):
        """Whether the server only moves bytes: it is told what to answer."""
        return self.library == "raw"

    @property
    def raw_client(self):
        return self.client[1].startswith("raw-")

    def built(self, programs):
        return all((programs / program).exists() for program in (self.server[0], self.client[0]))


def raw(name, server, what):
    return Subject(name, what, ("call_server", server), ("call_client", name), "raw")


def farcall(name, what, *server_options, client=None, compares=True):
    return Subject(name, what, ("call_server", "farcall", *server_options), ("call_client", client or name), compares=compares)


def peer(library, name, what, server=None, client=None):
    return Subject(name, what, (f"{library}_server", server or library), (f"{library}_client", client or name), library)


SUBJECTS = {subject.name: subject for subject in (
    raw("raw-epoll", "epoll", "the same bytes, epoll loops"),
    raw("raw-asio", "asio", "the same bytes, Asio"),
    raw("raw-blocking", "epoll", "the same bytes, blocking client"),
    raw("raw-connect", "epoll", "the same bytes, a connection a call"),
    farcall("farcall-blocking", "a proxy's blocking call"),
    farcall("farcall-busy", "the same, both sides look 50 us before they sleep", "--busy-poll", "50", compares=False),
    farcall("farcall-callback", "callbacks, the client's own thread"),
    farcall("farcall-context", "callbacks, the caller's io_context"),
    farcall("farcall-coroutine", "coroutines, the caller's io_context"),
    farcall("farcall-connect", "a proxy a call"),
    farcall("farcall-behind-slow", "behind 1000 slow calls on one connection"),
    Subject("farcall-batch", "1000 calls in one JSON-RPC batch", ("call_server", "farcall"), ("call_client", "raw-blocking"),
            calls_each=1000),
    farcall("farcall-no-deadline", "callbacks without a deadline"),
    farcall("farcall-uncounted", "callbacks, the server's metrics off", "--no-metrics", client="farcall-context"),
    peer("grpc", "grpc-sync", "synchronous server, blocking stub", "grpc-sync"),
    peer("grpc", "grpc-callback", "callback server and stub", "grpc-callback"),
    peer("grpc", "grpc-connect", "a channel a call", "grpc-callback"),
    peer("capnp", "capnp", "two-party RPC, promises"),
    peer("capnp", "capnp-connect", "a client a call"),
    peer("thrift", "thrift", "nonblocking server, pipelined client"),
    peer("thrift", "thrift-blocking", "nonblocking server, blocking client"),
    peer("thrift", "thrift-threaded", "a thread a connection, pipelined client", "thrift-threaded", "thrift"),
    peer("thrift", "thrift-threaded-blocking", "a thread a connection, blocking client", "thrift-threaded", "thrift-blocking"),
    peer("thrift", "thrift-connect", "a client a call"),
)}

LIBRARIES = {"raw": "raw sockets", "farcall": "farcall", "grpc": "gRPC", "capnp": "Cap'n Proto", "thrift": "Thrift"}


def left_out(programs):
    """Libraries none of whose subjects is built."""
    there = {subject.library for subject in SUBJECTS.values() if subject.built(programs)}
    return [name for library, name in LIBRARIES.items() if library not in there]
