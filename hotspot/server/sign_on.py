"""Single sign-on by OpenID Connect inside the gate: the force's directory says who someone is."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import httpx2
from anyio import to_thread
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from hotspot.access.claims import Known, Terms, known_from
from hotspot.errors import SignInRefusedError

SIGNATURES = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "EdDSA")
"""Signatures of an ID token that are taken: with a public key, never "none" or a shared secret."""


class SignOnClient:
    """Asks the directory who someone is.

    Parameters
    ----------
    terms, secret
        How it is asked, and Hotspot's secret there.
    needs_second
        Roles that are given only with a second factor.
    admit
        Lets someone in whom the directory knows: (known, client) to an admission.
    """

    def __init__(
        self,
        terms: Terms,
        secret: str,
        needs_second: frozenset[str],
        admit: Callable[[Known, str], Any],
    ) -> None:
        self.label = terms.label
        self._terms = terms
        self._needs_second = needs_second
        self._admit = admit
        self._directory = OAuth().register(
            "directory",
            server_metadata_url=f"{terms.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_id=terms.client_id,
            client_secret=secret,
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
        )

    async def start(self, request: Request, return_to: str) -> Response:
        """Lead the browser to the directory, with state, nonce and PKCE."""
        try:
            await self._check_metadata()
            led: Response = await self._directory.authorize_redirect(request, return_to)
        except (OSError, httpx2.HTTPError, ValueError) as error:
            raise SignInRefusedError(_NO_ANSWER) from error
        return led

    async def finish(self, request: Request, client: str) -> Any:  # noqa: ANN401 - an admission
        """Take the directory's answer, check it and let the person in.

        Raises
        ------
        SignInRefusedError
            The answer is not one to a question of this browser, is not validly signed by the
            issuer for Hotspot, or gives no role.
        """
        try:
            await self._check_metadata()
            token = await self._directory.authorize_access_token(
                request, claims_options={"iss": {"essential": True, "values": [self._terms.issuer]}}
            )
        except (OSError, httpx2.HTTPError) as error:
            raise SignInRefusedError(_NO_ANSWER) from error
        except (OAuthError, JoseError, ValueError, RuntimeError, KeyError, TypeError) as error:
            message = "The force's directory did not confirm the sign-in. Try again."
            raise SignInRefusedError(message) from error
        claims = token.get("userinfo")
        if not claims:
            message = "The force's directory did not say who you are. Tell your administrator."
            raise SignInRefusedError(message)
        known = known_from(claims, self._terms, self._needs_second)
        return await to_thread.run_sync(self._admit, known, client)

    async def _check_metadata(self) -> None:
        """Refuse metadata of another issuer, and signatures that are not taken."""
        loaded = self._directory.load_server_metadata()
        metadata = await loaded if inspect.isawaitable(loaded) else loaded
        if metadata.get("issuer") != self._terms.issuer:
            message = "The directory's own description names another issuer."
            raise SignInRefusedError(message)
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [a for a in offered if a in SIGNATURES]


_NO_ANSWER = "The force's directory does not answer. Try again, or tell your administrator."
