"""A force's directory on this machine: an OpenID Connect issuer that does what a test wants."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "hotspot", "the secret between the two"


def part(value: bytes) -> str:
    """One part of a token."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Directory:
    """What it says; a test changes it before someone signs in."""

    port: int
    claims: dict[str, Any] = field(default_factory=dict)
    issuer_said: str = ""
    sign_with: str = "RS256"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    other_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    use_other_key: bool = False
    is_broken: bool = False
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def metadata(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer_said or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
        )

    async def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """Sign everyone in at once, and remember what was asked."""
        asked = dict(request.query_params)
        code = base64.urlsafe_b64encode(hashlib.sha256(str(asked).encode()).digest()).decode()
        self.asked[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def token(self, request: Request) -> Response:
        if self.is_broken:
            return Response("out of order", 500)
        form = await request.form()
        asked = self.asked.pop(str(form["code"]))
        challenge = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        sent = base64.b64decode(request.headers["authorization"].split()[1]).decode()
        expected = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if expected != asked["code_challenge"] or sent.split(":")[0] != CLIENT:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        signer = self.other_key if self.use_other_key else self.key
        header = {"alg": self.sign_with, "kid": "one"}
        if self.sign_with in {"none", "HS256"}:
            token = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
            mac = hmac.digest(self.key.as_pem(private=False), token.encode(), "sha256")
            token += f".{part(mac) if self.sign_with == 'HS256' else ''}"
        else:
            token = jwt.encode(header, claims, signer, algorithms=[self.sign_with])
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def start(self) -> uvicorn.Server:
        routes = [
            Route("/.well-known/openid-configuration", self.metadata),
            Route("/keys", self.keys),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), host="127.0.0.1", port=self.port, log_level="error"
        )
        server = uvicorn.Server(config)
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
        return server
