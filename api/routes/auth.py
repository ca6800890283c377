"""Signing in with an embedded account, and who am I."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.security import HTTPAuthorizationCredentials

from api.callers import BEARER, services_of
from api.front import FrontDesk
from api.passwords import fingerprint, new_token
from api.routes.common import READ, problems
from api.services import Services
from api.signing_in import sign_in
from api.views.base import View

router = APIRouter(prefix="/api/v1", tags=["Đăng nhập"])

SESSION = timedelta(hours=12)


class Token(View):
    """A bearer token; it is shown once and kept by nobody but the caller."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of a scheme
    expires_at: datetime


class Me(View):
    """The caller's account."""

    account: str
    full_name: str
    roles: tuple[str, ...]
    role_names: tuple[str, ...]
    agency: str | None
    agency_name: str | None
    leader: str | None
    fields: tuple[str, ...]
    now: datetime


@router.post("/auth/token", responses=problems(400, 401, 413, 422, 429, 503), summary="Lấy mã truy cập")
async def token(
    request: Request,
    services: Annotated[Services, Depends(services_of)],
    username: Annotated[str, Form(max_length=100, examples=["stc.gd"])],
    password: Annotated[str, Form(max_length=256)],
) -> Token:
    """Đổi tên đăng nhập và mật khẩu lấy mã truy cập dùng trong 12 giờ."""
    source = request.client.host if request.client else ""
    account = await sign_in(services, username, password, source)
    fresh = new_token()
    expires_at = await services.accounts.save_token(fingerprint(fresh), account.username, SESSION)
    return Token(access_token=fresh, expires_at=expires_at)


@router.post("/auth/revocation", status_code=204, responses=problems(401, 403, 422, 503), summary="Đăng xuất")
async def revocation(front: FrontDesk, given: Annotated[HTTPAuthorizationCredentials, Depends(BEARER)]) -> None:
    """Mã truy cập đang dùng hết hiệu lực ngay."""
    await front.services.accounts.revoke(fingerprint(given.credentials))


@router.get("/me", responses=READ, summary="Tôi là ai")
async def me(front: FrontDesk) -> Me:
    """Tài khoản, vai trò, cơ quan của người gọi."""
    services, account = front.services, front.caller.account
    roles = front.subject.roles
    return Me(
        account=account.username,
        full_name=account.full_name,
        roles=tuple(str(role) for role in roles),
        role_names=tuple(services.messages.text(f"roles.{role}") for role in roles),
        agency=account.agency,
        agency_name=services.agency_name(account.agency) if account.agency else None,
        leader=account.leader,
        fields=front.caller.viewer.fields,
        now=await services.now(),
    )
