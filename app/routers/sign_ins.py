"""Before sign-in, over HTTP: the password form, refresh tokens, one-time links."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from app.core.security import devices, refresh_tokens
from app.domain.sessions import Lifetimes, SessionOver
from app.routers import answers, forms
from app.routers.dependencies import Now, Wired
from app.routers.problems import list_responses
from app.routers.route import OpenRoute
from app.routers.wiring import Wiring
from app.schemas.sessions import Refresh, SetPassword, SignIn, SignInTokens, Tokens
from app.services import passwords, sign_ins
from app.services.sessions import Opened

router = APIRouter(tags=["auth"], route_class=OpenRoute)

DEVICE = "ideabox_device"
"""Cookie by which a browser is known to have signed in before; it opens nothing."""

_DEVICE_KEPT = 365 * 24 * 3600
_DEVICE_PATH = "/api/v1/auth"


@router.post(
    "/auth/token",
    response_model=SignInTokens,
    responses=list_responses(401, 413, 415, 422, 429, 503),
    openapi_extra=forms.describe(SignIn),
)
async def sign_in(request: Request, wiring: Wired, now: Now) -> Response:
    """Sign in with e-mail address and password."""
    values = await forms.read(request, SignIn)
    if not values.device:
        values = values.model_copy(update={"device": request.cookies.get(DEVICE, "")})
    entered = await sign_ins.sign_in(
        wiring.database,
        wiring.vault,
        wiring.seals,
        values=values,
        client=_find_client(request),
        now=now,
        lifetimes=_find_lifetimes(wiring),
    )
    tokens = _write_tokens(wiring, entered.opened, now)
    response = answers.done(SignInTokens(**tokens.model_dump(), device=entered.device))
    return _remember(_keep_out_of_caches(response), wiring, entered.device)


@router.post("/auth/refresh", response_model=Tokens, responses=list_responses(401, 413, 415, 422, 429, 503))
async def refresh(wiring: Wired, now: Now, values: Refresh) -> Response:
    """Exchange a refresh token for the next one and an access token; a used one ends the session."""
    opened, ended = await sign_ins.refresh(
        wiring.database, wiring.seals, values.refresh_token, now=now, lifetimes=_find_lifetimes(wiring)
    )
    if ended:
        wiring.authenticator.forget()
    if opened is None:
        raise SessionOver
    return _keep_out_of_caches(answers.done(_write_tokens(wiring, opened, now)))


@router.post("/auth/password", status_code=204, responses=list_responses(413, 415, 422, 429, 503))
async def set_password(wiring: Wired, now: Now, values: SetPassword) -> Response:
    """Set a password by a one-time link; every session of the person ends, and none is opened."""
    account = await passwords.redeem(
        wiring.database,
        wiring.vault,
        wiring.seals,
        link=values.link,
        password=values.password,
        company=wiring.settings.company_name,
        now=now,
    )
    wiring.authenticator.forget()
    return _remember(Response(status_code=204), wiring, devices.issue(wiring.seals, account))


def _write_tokens(wiring: Wiring, opened: Opened, now: datetime) -> Tokens:
    seconds = wiring.settings.access_token_seconds
    return Tokens(
        access_token=wiring.signer.issue(
            opened.employee_id, opened.session_id, now=now, lifetime=timedelta(seconds=seconds)
        ),
        refresh_token=refresh_tokens.issue(wiring.seals, opened.session_id, opened.generation),
        token_type="bearer",  # noqa: S106  the name of a scheme (RFC 6750)
        expires_in=seconds,
    )


def _find_lifetimes(wiring: Wiring) -> Lifetimes:
    settings = wiring.settings
    return Lifetimes(
        idle=timedelta(days=settings.session_idle_days),
        absolute=timedelta(days=settings.session_absolute_days),
    )


def _find_client(request: Request) -> str:
    # The framework reads headers as Latin-1; what is sent is UTF-8, which the edge made sure of.
    return request.headers.get("user-agent", "").encode("latin-1", "replace").decode("utf-8", "replace")


def _keep_out_of_caches(response: Response) -> Response:
    # RFC 6749, 5.1, asks for both.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def _remember(response: Response, wiring: Wiring, device: str) -> Response:
    response.set_cookie(
        DEVICE,
        device,
        max_age=_DEVICE_KEPT,
        path=_DEVICE_PATH,
        secure=wiring.settings.base_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )
    return response
