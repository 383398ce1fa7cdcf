"""Single sign-on by OpenID Connect inside the gate: the force's directory says who someone is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2
from anyio import to_thread
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from hotspot.access.actor import UserRole
from hotspot.errors import SignInRefusedError

SIGNATURES = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "EdDSA")
"""Signatures of an ID token that are taken: with a public key, never "none" or a shared secret."""


class Terms(Protocol):
    """How the force's directory is asked (`settings.SignOn`)."""

    issuer: str
    client_id: str
    label: str
    roles_claim: str
    roles: dict[str, str]
    agency: str
    districts_claim: str
    second_factor: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """Whom the directory has signed in.

    Attributes
    ----------
    subject
        Issuer and subject: what tells this person from all others.
    shown_as
        Name as screens and the log show it.
    roles, agency, districts
        What the claims give.
    """

    subject: str
    shown_as: str
    roles: frozenset[UserRole]
    agency: str
    districts: frozenset[str]


def known_from(claims: Mapping[str, Any], terms: Terms, needs_second: frozenset[str]) -> Known:
    """Map the claims of a validated ID token to roles.

    Parameters
    ----------
    needs_second
        Roles that are given only when the `amr` claim proves a second factor.

    Raises
    ------
    SignInRefusedError
        The claims give no role.
    """
    groups = _texts(claims.get(terms.roles_claim))
    roles = {UserRole(terms.roles[group]) for group in groups if group in terms.roles}
    if not set(_texts(claims.get("amr"))) & set(terms.second_factor):
        roles = {role for role in roles if role.value not in needs_second}
    if not roles:
        message = "Your force account has no role in Hotspot, or its role needs a second factor."
        raise SignInRefusedError(message)
    subject = f"{claims['iss']}|{claims['sub']}"
    shown_as = str(claims.get("name") or claims.get("preferred_username") or claims["sub"])[:200]
    districts = frozenset(_texts(claims.get(terms.districts_claim)))
    return Known(subject, shown_as, frozenset(roles), terms.agency, districts)


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


def _texts(value: object) -> list[str]:
    """Give a claim that is one text or a list of texts as a list."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
