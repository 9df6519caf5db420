"""Ending messages from a letter, without signing in (RFC 8058)."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.routers.dependencies import Wired
from app.routers.problems import list_responses
from app.routers.route import OpenRoute
from app.services import preferences

router = APIRouter(tags=["messages"], route_class=OpenRoute)

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
_PAGE = """\
<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
</head>
<body>
<main>
<p lang="fr">{french}</p>
<p lang="en">{english}</p>
{form}</main>
</body>
</html>
"""
_FORM = '<form method="post"><button type="submit">OK</button></form>\n'


@router.get(
    "/unsubscribe/{token}",
    status_code=200,
    response_class=HTMLResponse,
    responses=list_responses(404, 422, 429, 503),
)
async def show_unsubscription(wiring: Wired, token: str) -> HTMLResponse:
    """Show a page that asks whether messages like the letter should end; looking at it changes nothing."""
    preferences.check_token(wiring.seals, token)
    return _show(
        "Ideabox",
        "Ne plus recevoir ce type de messages ?",
        "Stop getting messages of this kind?",
        _FORM,
    )


@router.post(
    "/unsubscribe/{token}",
    status_code=200,
    response_class=HTMLResponse,
    responses=list_responses(404, 422, 429, 503),
)
async def unsubscribe(wiring: Wired, token: str) -> HTMLResponse:
    """End messages like the letter that the link stood in; doing it twice changes nothing."""
    async with wiring.database.writer() as session:
        await preferences.unsubscribe(session, wiring.seals, token)
    return _show(
        "Ideabox",
        "C’est fait : vous ne recevrez plus ce type de messages. Tout reste visible dans la boîte à idées.",
        "Done: you will get no more messages of this kind. Everything stays visible in the idea box.",
        "",
    )


def _show(title: str, french: str, english: str, form: str) -> HTMLResponse:
    page = _PAGE.format(title=title, french=french, english=english, form=form)
    return HTMLResponse(page, headers=_HEADERS)
