"""Who calls: the bearer of a token, or – where a door is open to all – nobody in particular."""

from ninja.security import HttpBearer

from huiyin.accounts.tokens import user_of
from huiyin.base.refusal import Refusal


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
