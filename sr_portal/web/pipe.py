"""A file that only goes on, for writers of formats that want one: what was written is taken out and sent."""

PACKET = 64 * 1024


class Pipe:
    """`size` bytes wait to be taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        pass

    @property
    def is_full(self) -> bool:
        return self.size >= PACKET

    def take(self) -> bytes:
        found, self._waiting, self.size = b"".join(self._waiting), [], 0
        return found
