"""The room's moves, conditions and followers, its door on the rail and its parts on the desk's pages."""

from huiyin.cases import moving, procedure_check
from huiyin.rectification import conditions, following, moves, rules


def put_up():
    """Called once when the room is ready."""
    moves.register()
    conditions.register()
    procedure_check.KEYS.update(rules.KEYS)
    moving.FOLLOWERS.append(following.follow)
