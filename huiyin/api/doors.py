"""Who calls: the bearer of a token, or – where a door is open to all – nobody in particular."""

from hashlib import sha256

from django.core.cache import cache
from ninja.security import HttpBearer

from huiyin.accounts.tokens import user_of
from huiyin.base.refusal import Refusal

MOST_WRONG_CODES = 30
SPAN_SECONDS = 3600


class Token(HttpBearer):
    """`Authorization: Bearer hy_…` of a user who holds a post now."""

    def authenticate(self, request, token: str):
        user = user_of(token.strip())
        if user is None:
            return None
        if not user.current_posts:
            raise Refusal("您现在没有在任的岗位，不能用工作接口。请找管理员安排岗位。", status=403)
        request.user = user
        return user


class Anyone:
    """Lets a request without any Authorization header in; a wrong token is still a wrong token."""

    def __call__(self, request):
        return None if request.headers.get("Authorization") else "anyone"


token = Token()
token_or_anyone = [token, Anyone()]


def caller(request):
    """The user behind the token, or None for the public."""
    return None if request.auth == "anyone" else request.auth


def refuse_guessing(request):
    """Stop one address after too many wrong tracking codes in an hour."""
    if cache.get(_place(request), 0) >= MOST_WRONG_CODES:
        raise Refusal("一小时内输错太多次查询码，先停一停，过一会儿再查。", status=429)


def count_wrong_code(request):
    cache.add(_place(request), 0, SPAN_SECONDS)
    cache.incr(_place(request))


def _place(request) -> str:
    return "wrong-code:" + sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()
