"""What this room puts up elsewhere: its moves and rules, its door, its parts on the desk's pages."""

from huiyin.cases.moving import FOLLOWERS
from huiyin.upstream import moves, orders, profile_check


def put_up() -> None:
    """Called once when the room is ready."""
    moves.register()
    profile_check.register()
    FOLLOWERS.append(orders.follow)
