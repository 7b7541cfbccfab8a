"""The application on an address of this computer, until it is stopped; who asked is told where it is when it is."""

from collections.abc import Callable
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    """Tells when it listens, and where: port 0 is any."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        """Listen, then tell.

        Raises:
            OSError: The address is taken, or not this computer's.
        """
        await super().startup(sockets)
        if self.should_exit:
            return
        for server in self.servers:
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                name = f"[{host}]" if ":" in host else host
                self._ready(f"http://{name}:{port}/")
                return


def serve(app: Any, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve `app` until Ctrl-C; `ready` is told the address.

    Raises:
        OSError: The address is taken, or not this computer's.
    """
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, lifespan="off", server_header=False
    )
    server = _Server(config, ready)
    try:
        server.run()
    except SystemExit:  # uvicorn ends the process where it cannot listen, and logs why
        raise OSError("the address cannot be used") from None
