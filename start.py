"""Start the app's server: Streamlit's own, with connections that have an end."""

import sys

from streamlit.web.cli import main
from uvicorn.config import HTTP_PROTOCOLS, WS_PROTOCOLS

HTTP_PROTOCOLS["auto"] = "hotspot.server.connections:BoundedHTTP"
WS_PROTOCOLS.update(
    dict.fromkeys(("auto", "websockets-sansio"), "hotspot.server.connections:BoundedSocket")
)

if __name__ == "__main__":
    sys.argv[0] = "streamlit"
    main()
