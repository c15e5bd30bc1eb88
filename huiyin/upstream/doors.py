"""What this room puts up elsewhere: its moves and rules, its door, its parts on the desk's pages."""

from huiyin.cases import beside
from huiyin.cases.moving import FOLLOWERS
from huiyin.documents.kinds import KINDS
from huiyin.shell import rail
from huiyin.upstream import letters, moves, orders, profile_check
from huiyin.upstream.views import calls, notices
from huiyin.upstream.views import orders as order_pages
from huiyin.upstream.views.frame import READERS


def put_up() -> None:
    """Called once when the room is ready."""
    moves.register()
    profile_check.register()
    FOLLOWERS.append(orders.follow)
    for kind in letters.ROWS:
        KINDS[kind.code] = kind
    rail.register(
        "upstream", "上级热线", "phone", "upstream_orders",
        allowed=lambda user: bool(getattr(user, "roles", frozenset()) & READERS), order=27, on_phone=False,
    )  # fmt: skip
    beside.MATTER.fill("upstream/parts/beside_order.html", order_pages.beside_matter, order=15)
    beside.MATTER.fill("upstream/parts/beside_papers.html", notices.beside_matter, order=42)
    beside.TODAY.fill("upstream/parts/today.html", calls.beside_today, order=65)
