"""Attendance: people show that they are there with the code of the room, or a host notes it by hand."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession, WriteSession
from app.core.security import rotating_codes
from app.core.security.seals import Seals
from app.domain import attendances
from app.domain.actors import Actor
from app.domain.attendances import TURN, CodeNotRight, NoSuchAttendant
from app.domain.gathering_events import AttendanceErased, AttendanceNoted, GatheringForgotten
from app.domain.gatherings import KEPT
from app.domain.sign_ups import SignUpState
from app.integrations import qr_codes
from app.models.employees import Employee
from app.models.gatherings import Attendance, Gathering, SignUp
from app.queries.gatherings import get_hosted, get_visible
from app.schemas.attendances import Attends, RoomCode
from app.services import events


async def show_code(
    session: ReadSession, actor: Actor, gathering_id: str, *, seals: Seals, base_url: str, now: datetime
) -> RoomCode:
    """Return the code that a host shows in the room now, as text and as a QR code with a link.

    The code stands behind the `#` of the link, which browsers send to no server: it gets into no log.

    Raises: NoSuchGathering, NotHost, Cancelled, NotNow.
    """
    seen = await get_hosted(session, actor, gathering_id)
    attendances.check_open(seen.gathering, now=now)
    turn = attendances.count_turns(now)
    code = rotating_codes.make(seals, gathering_id, turn)
    link = f"{base_url}/gatherings/{gathering_id}#attend={code}"
    drawing = qr_codes.draw(link)
    expires_at = attendances.find_expiry(turn)
    return RoomCode(
        code=code,
        link=link,
        svg=drawing.svg,
        png=drawing.png,
        next_at=expires_at - TURN,
        expires_at=expires_at,
    )


async def attend(
    session: WriteSession, actor: Actor, gathering_id: str, code: str, *, seals: Seals, now: datetime
) -> Attends:
    """Note that the actor is there; again changes nothing, also with a code that has expired since.

    Raises: NoSuchGathering, NotSignedUp, Cancelled, NotNow, CodeNotRight.
    """
    seen = await get_visible(session, actor, gathering_id, lock=True)
    gathering, standing = seen.gathering, seen.standing
    if not standing.attends:
        seated = standing.state == SignUpState.SEATED
        if not standing.hosts:
            attendances.check_may_attend(seated=seated, walk_ins=gathering.walk_ins, invited=standing.invited)
        attendances.check_open(gathering, now=now)
        turn = attendances.count_turns(now)
        if not rotating_codes.fits(seals, code, gathering_id, (turn, turn - 1)):
            raise CodeNotRight.at("/code")
    return Attends(at=await _note(session, gathering_id, actor.id, by=None, now=now))


async def note(
    session: WriteSession, actor: Actor, gathering_id: str, *, employee_id: str, now: datetime
) -> Attends:
    """Note by hand that somebody of the company was there, whether or not they had signed up.

    Raises: NoSuchGathering, NotHost, Cancelled, NotNow, NoSuchAttendant.
    """
    seen = await get_hosted(session, actor, gathering_id, lock=True)
    person = await session.get(Employee, employee_id) if ids.is_valid(employee_id) else None
    if person is None or not person.active or person.kind != "employee":
        raise NoSuchAttendant
    attendances.check_open_by_hand(seen.gathering, now=now)
    return Attends(at=await _note(session, gathering_id, employee_id, by=actor.id, now=now))


async def erase(
    session: WriteSession, actor: Actor, gathering_id: str, *, employee_id: str, now: datetime
) -> None:
    """Take back that somebody was there; if it was not noted nothing changes.

    Raises: NoSuchGathering, NotHost, NoSuchAttendant, Cancelled, NotNow.
    """
    seen = await get_hosted(session, actor, gathering_id, lock=True)
    if not ids.is_valid(employee_id) or await session.get(Employee, employee_id) is None:
        raise NoSuchAttendant
    attendances.check_open_by_hand(seen.gathering, now=now)
    erased = await session.scalar(
        delete(Attendance)
        .where(col(Attendance.gathering_id) == gathering_id, col(Attendance.employee_id) == employee_id)
        .returning(col(Attendance.id))
        .execution_options(synchronize_session=False)
    )
    if erased is not None:
        happened = AttendanceErased(erased, {"gathering": gathering_id})
        events.record(session, happened, actor_id=None, now=now)


async def forget_people(session: WriteSession, *, now: datetime) -> None:
    """Forget who signed up for gatherings that ended three months ago, and who came; how many is kept."""
    old = await session.scalars(
        select(Gathering)
        .where(col(Gathering.ends_at) <= now - KEPT, col(Gathering.attended).is_(None))
        .with_for_update(key_share=True)
    )
    for gathering in old.all():
        came = select(func.count()).where(col(Attendance.gathering_id) == gathering.id)
        people = int(await session.scalar(came) or 0)
        for table in (Attendance, SignUp):
            await session.execute(
                delete(table)
                .where(col(table.gathering_id) == gathering.id)
                .execution_options(synchronize_session=False)
            )
        await session.execute(
            update(Gathering).where(col(Gathering.id) == gathering.id).values(attended=people)
        )
        forgotten = GatheringForgotten(gathering.id, {"people": people})
        events.record(session, forgotten, actor_id=None, now=now)


async def _note(
    session: WriteSession, gathering_id: str, employee_id: str, *, by: str | None, now: datetime
) -> datetime:
    """Note that somebody is there, in a gathering that is held, and return since when it is known."""
    known = await session.scalar(
        select(col(Attendance.at)).where(
            col(Attendance.gathering_id) == gathering_id, col(Attendance.employee_id) == employee_id
        )
    )
    if known is not None:
        return known
    here = Attendance(gathering_id=gathering_id, employee_id=employee_id, noted_by_id=by, at=now)
    session.add(here)
    # Who it is stands in the row alone, and goes with it.
    events.record(session, AttendanceNoted(here.id, {"gathering": gathering_id}), actor_id=None, now=now)
    await session.flush()
    return now
