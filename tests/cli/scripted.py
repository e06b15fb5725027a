"""A server of a few lines that says whatever a test wants."""

import json
import socket
import struct
import threading


class Scripted:
    """A server that answers each native frame with what `answer(request)` returns: an object, or bytes as they are."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = "tcp://127.0.0.1:%d" % self.listening.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            while header := stream.read(4):
                request = json.loads(stream.read(struct.unpack(">I", header)[0]))
                self.requests.append(request)
                answer = self.answer(request)
                if answer is None:
                    return
                if isinstance(answer, dict):
                    text = json.dumps({"jsonrpc": "2.0", "id": request.get("id"), **answer}).encode()
                    answer = struct.pack(">I", len(text)) + text
                connection.sendall(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
